"""What cannot be seen from a repository, answered by the vendor."""
