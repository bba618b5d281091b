"""True texts about a world that is known, and every way in which one statement of them is made false."""
