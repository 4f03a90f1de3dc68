"""Tags texts: actors, countries, quantities, dates, policy events, observations."""
