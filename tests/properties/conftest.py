"""How long the property tests look. `HYPOTHESIS_PROFILE=thorough` searches for minutes instead of seconds."""

from hypothesis import HealthCheck, settings

settings.register_profile("quick", settings.get_profile("steady"), max_examples=150, stateful_step_count=40)
settings.register_profile(
    "thorough",
    settings.get_profile("default"),  # with other examples every time
    max_examples=2_000,
    stateful_step_count=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
