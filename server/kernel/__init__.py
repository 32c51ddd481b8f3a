"""What every layer may use: errors, time, names and permissions. Standard library only; touches nothing."""
