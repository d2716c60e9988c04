"""The public record of a campaign's draws."""
