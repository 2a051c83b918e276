"""The states of Mexico by their SAT code (c_Estado), and the time zone that most of each state keeps."""

# Codes as in the SAT catalogue c_Estado; the city is CMX there.
STATES = {
    "AGU": "Aguascalientes",
    "BCN": "Baja California",
    "BCS": "Baja California Sur",
    "CAM": "Campeche",
    "CHP": "Chiapas",
    "CHH": "Chihuahua",
    "CMX": "Ciudad de México",
    "COA": "Coahuila",
    "COL": "Colima",
    "DUR": "Durango",
    "MEX": "Estado de México",
    "GUA": "Guanajuato",
    "GRO": "Guerrero",
    "HID": "Hidalgo",
    "JAL": "Jalisco",
    "MIC": "Michoacán",
    "MOR": "Morelos",
    "NAY": "Nayarit",
    "NLE": "Nuevo León",
    "OAX": "Oaxaca",
    "PUE": "Puebla",
    "QUE": "Querétaro",
    "ROO": "Quintana Roo",
    "SLP": "San Luis Potosí",
    "SIN": "Sinaloa",
    "SON": "Sonora",
    "TAB": "Tabasco",
    "TAM": "Tamaulipas",
    "TLA": "Tlaxcala",
    "VER": "Veracruz",
    "YUC": "Yucatán",
    "ZAC": "Zacatecas",
}

CENTRE = "America/Mexico_City"

# States not named here keep the hour of the centre. Since October 2022 only the northern border still changes
# its clocks; Juárez, Ojinaga and Matamoros differ from their states, so a firm's zone can be set by itself.
_ZONES = {
    "BCN": "America/Tijuana",
    "BCS": "America/Mazatlan",
    "CHH": "America/Chihuahua",
    "NAY": "America/Mazatlan",
    "NLE": "America/Monterrey",
    "COA": "America/Monterrey",
    "ROO": "America/Cancun",
    "SIN": "America/Mazatlan",
    "SON": "America/Hermosillo",
    "TAM": "America/Monterrey",
    "YUC": "America/Merida",
    "CAM": "America/Merida",
}

# What a cohort may be held in: the zones above, and those of the border.
TIME_ZONES = {
    CENTRE: "Centro",
    "America/Cancun": "Cancún",
    "America/Chihuahua": "Chihuahua",
    "America/Ciudad_Juarez": "Ciudad Juárez",
    "America/Hermosillo": "Hermosillo",
    "America/Matamoros": "Matamoros",
    "America/Mazatlan": "Mazatlán",
    "America/Merida": "Mérida",
    "America/Monterrey": "Monterrey",
    "America/Ojinaga": "Ojinaga",
    "America/Tijuana": "Tijuana",
}


def time_zone_of(state: str) -> str:
    """The IANA zone of a state (SAT code); the centre's where the state is not known."""
    return _ZONES.get(state, CENTRE)
