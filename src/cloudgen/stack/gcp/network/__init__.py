"""The network of the stack: subnetwork, the way out, and who reaches whom."""
