"""Papers that come as tables: workbooks, CSV and JSON lines become rows, and rows become facts."""
