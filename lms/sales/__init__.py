"""Sales before and after: baseline, monthly figures with their source, imports, milestones."""
