"""What numbers in FIT stand for: messages, fields with their scale, sports.

Belongs here: excerpts of the FIT profile 21.171, names as in fitdecode (MIT). Does not: makers and
products (`fit_products.py`), how bytes become numbers (`fit_messages.py`) or activities (`fit.py`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

FILE_ID: Final = 0
SPORT: Final = 12
SESSION: Final = 18
LAP: Final = 19
RECORD: Final = 20
DEVICE_INFO: Final = 23
ACTIVITY: Final = 34
HR: Final = 132
FIELD_DESCRIPTION: Final = 206


class Field(NamedTuple):
    """A field's number; its value is `raw / scale - offset`."""

    number: int
    scale: float = 1
    offset: float = 0


_SEMICIRCLES_PER_DEGREE: Final = 2**31 / 180

# By column: the fields that give it, the finer one first.
RECORD_FIELDS: Final = {
    "latitude_deg": (Field(0, _SEMICIRCLES_PER_DEGREE),),
    "longitude_deg": (Field(1, _SEMICIRCLES_PER_DEGREE),),
    "altitude_m": (Field(78, 5, 500), Field(2, 5, 500)),
    "distance_m": (Field(5, 100),),
    "speed": (Field(73, 1000), Field(6, 1000)),
    "heart_rate_bpm": (Field(3),),
    "cadence": (Field(4),),
    "power_w": (Field(7),),
}
FRACTIONAL_CADENCE: Final = Field(53, 128)
# Fields that an added sensor may record in its own name, in the units of the device's own.
DEVELOPER_COLUMNS: Final = {3: "heart_rate_bpm", 4: "cadence", 7: "power_w"}

START_TIME: Final = 2  # of laps and sessions alike
LAP_FIELDS: Final = {
    "timer_time_s": (Field(8, 1000),),
    "distance_m": (Field(9, 100),),
    "average_heart_rate_bpm": (Field(15),),
    "max_heart_rate_bpm": (Field(16),),
}
SESSION_TOTALS: Final = {
    "timer_time_s": (Field(8, 1000),),
    "elapsed_time_s": (Field(7, 1000),),
    "distance_m": (Field(9, 100),),
    "average_heart_rate_bpm": (Field(16),),
}
SESSION_SPORT: Final = (5, 6)  # sport and sub-sport
SPORT_SPORT: Final = (0, 1)
LOCAL_TIMESTAMP: Final = 5
# Developer index, field number, base type, and the message and field it stands for.
DESCRIPTION_FIELDS: Final = (0, 1, 2, 14, 15)
HR_FRACTION: Final = 0
HR_BPM: Final = 6
HR_TICKS: Final = 9
HR_PACKED_TICKS: Final = 10
FILE_TYPE: Final = 0
MANUFACTURER: Final = 1
PRODUCT: Final = 2
PRODUCT_NAME: Final = 8
DEVICE_INDEX: Final = 0
DEVICE_NAME: Final = 27

OTHER_FILES: Final = {
    1: "a device description",
    2: "settings",
    3: "settings of a sport",
    5: "a planned workout",
    6: "a course",
    7: "a schedule of workouts",
    9: "body weights",
    10: "totals",
    11: "goals",
    14: "blood pressures",
    15: "all-day monitoring",
    20: "an activity summary",
    28: "all-day monitoring",
    32: "all-day monitoring",
    34: "a segment",
    35: "a list of segments",
}

FAMILIES: Final = {
    "running": "running",
    "cycling": "cycling",
    "e_biking": "cycling",
    "swimming": "swimming",
    "walking": "walking",
    "hiking": "walking",
}


def named(text: str) -> dict[int, str]:
    """Names by number, from words such as `1:running`."""
    pairs = (entry.split(":", 1) for entry in text.split())
    return {int(number): name for number, name in pairs}


SPORTS: Final = named(
    """
    1:running 2:cycling 3:transition 4:fitness_equipment 5:swimming 6:basketball 7:soccer 8:tennis
    9:american_football 10:training 11:walking 12:cross_country_skiing 13:alpine_skiing 14:snowboarding
    15:rowing 16:mountaineering 17:hiking 18:multisport 19:paddling 20:flying 21:e_biking
    22:motorcycling 23:boating 24:driving 25:golf 26:hang_gliding 27:horseback_riding 28:hunting
    29:fishing 30:inline_skating 31:rock_climbing 32:sailing 33:ice_skating 34:sky_diving 35:snowshoeing
    36:snowmobiling 37:stand_up_paddleboarding 38:surfing 39:wakeboarding 40:water_skiing 41:kayaking
    42:rafting 43:windsurfing 44:kitesurfing 45:tactical 46:jumpmaster 47:boxing 48:floor_climbing
    49:baseball 53:diving 62:hiit 64:racket 65:wheelchair_push_walk 66:wheelchair_push_run 67:meditation
    69:disc_golf 71:cricket 72:rugby 73:hockey 74:lacrosse 75:volleyball 76:water_tubing 77:wakesurfing
    80:mixed_martial_arts 82:snorkeling 83:dance 84:jump_rope
    """
)

SUB_SPORTS: Final = named(
    """
    1:treadmill 2:street 3:trail 4:track 5:spin 6:indoor_cycling 7:road 8:mountain 9:downhill
    10:recumbent 11:cyclocross 12:hand_cycling 13:track_cycling 14:indoor_rowing 15:elliptical
    16:stair_climbing 17:lap_swimming 18:open_water 19:flexibility_training 20:strength_training
    21:warm_up 22:match 23:exercise 24:challenge 25:indoor_skiing 26:cardio_training 27:indoor_walking
    28:e_bike_fitness 29:bmx 30:casual_walking 31:speed_walking 32:bike_to_run_transition
    33:run_to_bike_transition 34:swim_to_bike_transition 35:atv 36:motocross 37:backcountry 38:resort
    39:rc_drone 40:wingsuit 41:whitewater 42:skate_skiing 43:yoga 44:pilates 45:indoor_running
    46:gravel_cycling 47:e_bike_mountain 48:commuting 49:mixed_surface 50:navigate 51:track_me 52:map
    53:single_gas_diving 54:multi_gas_diving 55:gauge_diving 56:apnea_diving 57:apnea_hunting
    58:virtual_activity 59:obstacle 62:breathing 65:sail_race 67:ultra 68:indoor_climbing 69:bouldering
    70:hiit 73:amrap 74:emom 75:tabata 84:pickleball 85:padel 86:indoor_wheelchair_walk
    87:indoor_wheelchair_run 88:indoor_hand_cycling 94:squash 95:badminton 96:racquetball
    97:table_tennis 110:fly_canopy 111:fly_paraglide 112:fly_paramotor 113:fly_pressurized
    114:fly_navigate 115:fly_timer 116:fly_altimeter 117:fly_wx 118:fly_vfr 119:fly_ifr
    """
)
