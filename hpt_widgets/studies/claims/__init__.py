"""What papers say about hyperparameters, each with its criterion, its trainings and its verdict.

1. `claim` has the records: a `Claim` with its `Source`, and how a notebook shows it.
2. `experiment` trains what a claim needs and keeps it in ``results/``; ``make claims`` makes all
   of it anew.
3. `verdict` turns an estimate and its band into *reproduced*, *refuted* or *undecided*.
4. ``search_claims``, ``batch_claims``, ``optimizer_claims`` and ``scale_claims`` have the claims of
   chapters 7.1 to 7.4, in ``CLAIMS``; their words are in ``language/claims_search.py`` and so on.
5. `catalog` finds them all.
"""
