"""The products, as data: one folder is one scheme, with dated terms and worked examples."""
