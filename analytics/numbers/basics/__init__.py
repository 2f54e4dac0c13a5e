"""What all of ``numbers`` rests on: parameters, sums, selections, threads."""
