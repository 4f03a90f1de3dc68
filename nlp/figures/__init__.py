"""Makes observations, which are figures about the world, of quantities."""
