"""What Radford et al. (2023) published of their model, at day 365 (23 February 2023).

References
----------
.. [1] Radford, B. J., Dai, Y., Stoehr, N., Schein, A., Fernandez, M., Sajid, H. (2023).
   Estimating conflict losses and reporting biases. PNAS 120(34), e2307372120.
   https://doi.org/10.1073/pnas.2307372120
"""

from __future__ import annotations

type Figures = tuple[float, float, float]  # mean, lower and upper end of the 95 % interval

TOTALS: dict[str, Figures] = {
    "Military Deaths-Russia": (76_687, 38_670, 139_772),
    "Military Casualties-Russia": (218_800, 108_432, 397_361),
    "Military Injuries-Russia": (148_608, 45_749, 365_649),
    "Tanks-Russia": (3_380, 1_704, 6_178),
    "Armored Vehicles-Russia": (6_351, 2_966, 11_791),
    "Artillery-Russia": (1_483, 701, 2_818),
    "MLRS-Russia": (488, 148, 1_222),
    "AA Systems-Russia": (339, 76, 1_070),
    "Jets-Russia": (146, 68, 273),
    "Helicopters-Russia": (172, 87, 311),
    "UAVs-Russia": (337, 153, 707),
    "Military Deaths-Ukraine": (17_223, 6_219, 39_105),
    "Military Casualties-Ukraine": (75_538, 19_994, 176_612),
    "Military Injuries-Ukraine": (33_081, 5_260, 125_925),
    "Civilian Deaths-Ukraine": (13_287, 4_081, 32_399),
    "Civilian Injuries-Ukraine": (19_464, 5_396, 46_460),
    "Civilian Casualties-Ukraine": (38_155, 13_245, 84_852),
    "Tanks-Ukraine": (2_051, 385, 5_946),
    "Armored Vehicles-Ukraine": (3_280, 777, 8_439),
    "Artillery-Ukraine": (2_290, 519, 6_966),
    "MLRS-Ukraine": (538, 155, 1_482),
    "AA Systems-Ukraine": (1_105, 108, 5_247),
    "Jets-Ukraine": (122, 32, 372),
    "Helicopters-Ukraine": (64, 14, 183),
    "UAVs-Ukraine": (1_643, 387, 4_371),
}
RATIOS: dict[tuple[str, str], tuple[float, float | None, float | None]] = {
    ("Military Deaths-Russia", "Military Deaths-Ukraine"): (5.53, 1.6, 14.5),
    ("Military Casualties-Russia", "Military Deaths-Russia"): (2.9, None, None),
    ("Military Casualties-Ukraine", "Military Deaths-Ukraine"): (4.9, None, None),
}
BIASES: dict[str, float] = {  # mean of the multiplier of a source on a series
    "RU Source-Military Deaths-Russia": 0.28,
    "RU Source-Military Casualties-Russia": 0.5,
    "RU Source-Jets-Russia": 2.0,
    "RU Source-Military Deaths-Ukraine": 4.33,
    "RU Source-Military Casualties-Ukraine": 5.3,
    "RU Source-Jets-Ukraine": 3.8,
    "RU Source-Tanks-Ukraine": 7.4,
    "UA Source-Military Deaths-Russia": 1.94,
    "UA Source-Military Casualties-Russia": 1.5,
    "UA Source-Jets-Russia": 2.3,
    "UA Source-Tanks-Russia": 1.1,
    "UA Source-Military Deaths-Ukraine": 0.99,
    "UA Source-Military Casualties-Ukraine": 0.6,
    "UA Source-Tanks-Ukraine": 1.3,
}
