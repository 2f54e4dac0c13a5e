"""Parts of the script that scores a file with pandas alone: a way to score, to group and to write."""
