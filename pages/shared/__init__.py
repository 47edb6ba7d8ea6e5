"""What the screens share: formats, cards, charts, tables, empty states, errors, the gate."""
