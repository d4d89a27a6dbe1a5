// Placeholder until the module has files.
