"""A season: a year of the town, played day by day through the same verbs as real life."""
