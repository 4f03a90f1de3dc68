"""The records, the event store, its queries and exports."""
