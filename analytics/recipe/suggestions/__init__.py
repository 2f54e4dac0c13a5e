"""What is worth a look in a table, a module for each subject."""
