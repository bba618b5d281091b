"""Asking for pages over the network: politely, within bounds, and never at an address that is not public."""
