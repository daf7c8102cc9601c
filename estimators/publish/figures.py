"""The figures of a report, each a function that returns matplotlib Axes."""

from estimators.publish.figure_account import plot_account
from estimators.publish.figure_claims import plot_claims
from estimators.publish.figure_prior import plot_prior
from estimators.publish.figure_runs import plot_sensitivity, plot_sources

__all__ = ["plot_account", "plot_claims", "plot_prior", "plot_sensitivity", "plot_sources"]
