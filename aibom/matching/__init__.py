"""Two dossiers of one model laid side by side: what in one stands for what in the other."""
