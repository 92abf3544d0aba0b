"""Papers are matched and checked: a judged trade."""
