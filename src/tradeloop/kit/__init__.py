"""The small things every step stands on: money, findings, lifecycles, calendar, codes, numbers."""
