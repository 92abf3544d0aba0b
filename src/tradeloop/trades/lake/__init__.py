"""A lake of papers: what new ones touch is found through its index and judged anew."""
