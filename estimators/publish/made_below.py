"""English that is made elsewhere and printed here: single words, and sentences with places.

Studies, models and estimates know no language but English. What of them reaches a page is looked
up here when another language is spoken. A place such as {run} takes whatever stands there, one
that begins with `number` a number, and what stands in one that ends with `_` is looked up too.
"""

from __future__ import annotations

from estimators.publish.catalogue import marked

# What counts, who says it and how things stand.
WORDS = (
    # families of models of matched lists, and what they assume
    *(marked("independence"), marked("latent classes"), marked("decomposable graphs")),
    *(marked("no highest interaction"), marked("average"), marked("Chao's lower bound")),
    marked("being on one list says nothing of being on another"),
    marked(
        "people fall into groups, and within a group being on one list says nothing of being on "
        "another"
    ),
    marked(
        "lists may depend on each other in twos, threes and so on, but no dependence takes all of "
        "them together"
    ),
    marked(
        "being on a list depends on few others, in the form of a decomposable graph, averaged over "
        "all of these"
    ),
    *(marked("persons"), marked("percent"), marked("count"), marked("factor")),
    *(marked("yes"), marked("no"), marked("none"), marked("passed"), marked("failed")),
    *(marked("waived"), marked("conflict"), marked("strong conflict"), marked("half")),
    *(marked("full"), marked("other claims"), marked("its prior range")),
    # headings of the tables on the page
    marked("Quantity"),
    marked("Documented"),
    marked("Reported"),
    marked("Estimated (90%)"),
    marked("Median"),
    marked("Rests on"),
    marked("Assumed (90%)"),
    marked("Of what"),
    marked("90% range"),
    marked("Reason, other than the claims"),
    marked("Assumption"),
    marked("Value"),
    marked("Meaning"),
    marked("Why"),
    marked("Before (90%)"),
    marked("Median before"),
    marked("After (90%)"),
    marked("Median after"),
    marked("About"),
    marked("Origin"),
    marked("Said"),
    marked("Predicted from"),
    marked("to"),
    marked("Changed"),
    marked("90% interval"),
    marked("Median ÷ headline"),
    marked("Converged"),
    marked("Source"),
    marked("Class"),
    marked("Readings"),
    marked("Claims found"),
    marked("Notes"),
    marked("Statements"),
    marked("Origins"),
    marked("Networks"),
    marked("Effective readings"),
    marked("Width kept"),
    marked("Shared error"),
    marked("Power: prior"),
    marked("Power: claims"),
    marked("So it is"),
    marked("Scenario"),
    marked("Now"),
    marked("Direct claims say"),
    marked("of"),
    marked("Against"),
    marked("these say"),
    marked("p"),
    marked("Holm"),
    marked("Verdict"),
    marked("By"),
    marked("Item"),
    marked("Asked"),
    marked("In this report"),
    marked("Printed"),
    marked("Used"),
    marked("check"),
    marked("status"),
    marked("why"),
    # what captions call figures and tables where a house does not say
    *(marked("Figure"), marked("Table")),
    # kinds of changes
    *(marked("class"), marked("network"), marked("origin"), marked("scenario")),
    # classes of sources
    *(marked("register"), marked("monitor"), marked("coder"), marked("official"), marked("un")),
    *(marked("ngo"), marked("media"), marked("activist"), marked("witness")),
    *(marked("rescuers"), marked("hospital"), marked("military"), marked("party")),
    *(marked("state"), marked("other"), marked("unknown")),
    # shapes over time
    *(marked("random walk"), marked("gaussian process"), marked("spline")),
    # kinds of events
    *(marked("disaster"), marked("accident"), marked("attack"), marked("abduction")),
    *(marked("arrests"), marked("deportation"), marked("displacement"), marked("war total")),
    marked("epidemic"),
    # when claims of a reference class were made
    *(marked("before access"), marked("0-2 days after"), marked("3-14 days after")),
    marked("later"),
    # checks
    *(marked("r-hat"), marked("bulk ess"), marked("tail ess"), marked("divergences")),
    *(marked("energy"), marked("tree depth"), marked("claims predicted"), marked("identities")),
    # wordings that name no number
    *(marked("a few"), marked("several"), marked("tens"), marked("dozens"), marked("scores")),
    *(marked("a few hundred"), marked("hundreds"), marked("several hundred")),
    *(marked("thousands"), marked("several thousand"), marked("tens of thousands")),
    *(marked("hardly any"), marked("a minority"), marked("most"), marked("nearly all")),
    marked("many"),
    # small numbers in words
    *(marked("one"), marked("two"), marked("three"), marked("four"), marked("five")),
    *(marked("six"), marked("seven"), marked("eight"), marked("nine"), marked("ten")),
    # changed fits
    marked("common and class error tight (.15)"),
    marked("common and class error wide (.5)"),
    marked("origins alike (spread x .6)"),
    marked("origins unlike (spread x 1.5)"),
    marked("networks alike (.15)"),
    marked("networks unlike (.6)"),
    marked("errors that claims share x .6"),
    marked("errors that claims share x 1.5"),
    marked("shared errors mostly of each event (.2)"),
    marked("shared errors mostly of all events (.8)"),
    marked("own errors mostly the origin's (.2)"),
    marked("own errors mostly the network's (.8)"),
    marked("ranges tight (sd x .7)"),
    marked("ranges wide (sd x 1.5)"),
    marked("shares vague (half the prior size)"),
    marked("shares firm (double the prior size)"),
    marked("normal tails"),
    marked("laws of wordings as stated"),
    marked("signed: parties and records biased as usual"),
    marked("floors only: every claim as 'at least'"),
    marked("as if all origins were independent"),
    # what might yet be said
    marked("a count with open access"),
    # how wrong claims have been
    marked("fewer than 1% (one in 100)"),
    marked("all kinds of events, each counting alike"),
)

# What is recognised by what stands between its places; the first that fits is taken.
SENTENCES = (
    marked("log-linear, lowest BIC {model}"),
    # wordings
    marked("about {number}"),
    marked("nearly {number}"),
    marked("more than {number}"),
    marked("at least {number}"),
    marked("up to {number}"),
    marked("fewer than {number}"),
    marked("could reach {number}"),
    marked("verified {number}"),
    marked("{number} to {number2}"),
    marked("{number} to {number2} ({number3} %)"),
    marked("{number} ({number2} to {number3})"),
    marked("{number} ({number2} to {number3}, {number4} %)"),
    # changed fits
    marked("without the network {network}"),
    marked("without all of class {class_}"),
    marked("without the anchor {anchor}"),
    marked("with the anchor {anchor}"),
    marked("without {source}"),
    marked("scenario {scenario}"),
    marked("early error {size_}"),
    # what might yet be said
    marked("a register that names {number}–{number2}%"),
    marked("{number1} more origin"),
    marked("{number1} more origins"),
    # checks
    marked("{why_} Waived: {reason}"),
    marked("largest {number} ({where}), limit {number2}."),
    marked("smallest {number} ({where}), limit {number2}."),
    marked("{number} of {number2} draws."),
    marked("smallest BFMI {number}, limit {number2}."),
    marked("{number} draws at the greatest depth."),
    marked(
        "{number} of {number2} claims lie outside their 90 % interval: {claims}; chance allows "
        "{number3}."
    ),
    marked(
        "{number} of {number2} claims lie outside their 90 % interval; chance allows {number3}."
    ),
    marked("largest relative gap of a sum {gap}."),
    # the reference class
    marked("'{name}' (events {hash})"),
    # what disagrees
    marked("; not certain, R-hat {number}"),
    marked(
        "Direct claims say {direct_}, the rest of the account {rest_} (conflict {p}; not certain, "
        "R-hat {number})"
    ),
    marked("Direct claims say {direct_}, the rest of the account {rest_} (conflict {p})"),
    marked(
        "Direct claims say {direct_}, its range before any claim {rest_} (conflict {p}; not "
        "certain, R-hat {number})"
    ),
    marked("Direct claims say {direct_}, its range before any claim {rest_} (conflict {p})"),
    marked(
        "Numbers split in two: {number}. In conflict at p < .05: {number2}, {number3} after "
        "adjusting for {number4} tests (Holm)."
    ),
    marked("Numbers split in two: {number}. In conflict at p < .05: {number2}."),
    # how wrong claims have been
    marked("{number} ({part_} in {whole_})"),
    marked("events of the kind {kind_}"),
    marked("events of the kinds {kind}"),
    marked(
        "Of exact numbers that a state gives before anybody can count, {before_} are off by more "
        "than a factor of two, too high or too low. In the first two days of counting it is "
        "{soon_}, after two weeks {late_}; even then {quarter_} are off by more than a quarter. "
        "Of what a party to the conflict says in the first two days, {party_} are off by more "
        "than a factor of two; half of it lies between {number} and {number2} times the settled "
        "count. This is for {kinds_}, learned from {number3} claims on {number4} events whose "
        "count was settled later: events that somebody wrote about, no sample of all."
    ),
)
