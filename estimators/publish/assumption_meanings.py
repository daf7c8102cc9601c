"""What each assumption of the claim model means, in words."""

from __future__ import annotations

from estimators.publish.catalogue import marked

MEANING = {
    "early_error": marked(
        "how much of the error that early claims share stays: none, half or full"
    ),
    "common_sd": marked("sd of the error that all claims share; it never averages out"),
    "class_sd": marked("sd of the error that all origins of one class share"),
    "origin_scale": marked("scale of the spread between origins of this class"),
    "origin_factor": marked("multiplies all spreads between origins"),
    "network_scale": marked("scale of the spread between networks of informants"),
    "heavy_tail": marked(
        "1 where errors of networks and events follow Student-t with 4 degrees "
        "of freedom (with a reference class shared errors, 2 degrees), 0 where "
        "they are normal"
    ),
    "drift_scale": marked(
        "scale of how far the bias of an origin with five dates or more moves in a year"
    ),
    "sigma_learn": marked(
        "sd of the log factor by which the noise of a wording may differ from its default"
    ),
    "slack_learn": marked("the same of the slack of a floor or ceiling"),
    "precision_learn": marked("the same of the precision of an origin"),
    "step_learn": marked("the same of the steps of an origin's running totals"),
    "path_scale": marked("scale of the sd by which the log rate of a series moves"),
    "learn_from": marked("least number of readings from which these are learned"),
    "copy_chance": marked("chance that a claim of unknown origin copies a number said before"),
    "coverage_mean": marked(
        "logit of the middle coverage of a verified count, where none is stated"
    ),
    "coverage_sd": marked("its sd on the logit scale"),
    "reading": marked(
        "neutral, signed (usual directions of bias) or floors (every claim 'at least')"
    ),
    "early_scale": marked("scale of the early error where access is so"),
    "nested_sd": marked("sd of the early error of one quantity inside its event"),
    "reference": marked(
        "known outcomes from which the errors of claims were learned; none for judgement"
    ),
    "phase_scale": marked(
        "scale of the error that all claims of an event share, Student-t with 2 degrees of freedom"
    ),
    "own_sd": marked(
        "sd of the log factor by which the spread between origins of a class may differ"
    ),
    "shared_factor": marked("multiplies the scales of all shared errors"),
    "environment_share": marked(
        "part of the squared scale of shared errors that events have in common"
    ),
    "network_share": marked(
        "part of an origin's squared error that it has in common with its network"
    ),
    "range_factor": marked("multiplies the sd of every stated range of a count"),
    "share_size": marked("multiplies the prior size of every stated share"),
}
