"""Reports: what people see of tables and metrics — on a terminal, in files, as a model card."""
