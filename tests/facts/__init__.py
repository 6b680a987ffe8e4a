"""What must be true of a plan, on every cloud: one table of facts about security and wiring.

    for fact, sentences in broken("aws", deployment, {".": plan, "bootstrap": plan}).items(): ...

A plan is what `terraform show -json` says of a saved one.
"""
