"""Invented names for the demonstration: people, workshops and towns that go with each trade."""

FIRST = [
    "Lupita",
    "Martín",
    "Rosa",
    "Beto",
    "Elvira",
    "Raúl",
    "Carmen",
    "Julián",
    "Teresa",
    "Óscar",
    "Alma",
    "Hugo",
    "Irma",
    "Saúl",
    "Norma",
    "Iván",
    "Berta",
    "Memo",
    "Lidia",
    "Efraín",
    "Paty",
    "Chucho",
    "Olga",
    "Toño",
    "Nora",
    "Rubén",
    "Alicia",
    "Nacho",
    "Silvia",
    "Pepe",
    "Araceli",
    "Lalo",
    "Maru",
    "Gerardo",
    "Chelo",
    "Fidel",
    "Yolanda",
    "Arturo",
    "Dora",
    "Ramiro",
]

LAST = [
    "Rosales",
    "Vega",
    "Luna",
    "Cruz",
    "Ortega",
    "Solís",
    "Medina",
    "Ponce",
    "Rangel",
    "Ibarra",
    "Cano",
    "Nava",
    "Ríos",
    "Salas",
    "Tapia",
    "Mora",
    "Lara",
    "Peña",
    "Zavala",
    "Quiroz",
    "Duarte",
    "Arias",
    "Bravo",
    "Cortés",
    "Esquivel",
    "Fierro",
    "Galindo",
    "Huerta",
    "Islas",
    "Juárez",
    "Lozano",
    "Macías",
    "Olvera",
    "Pineda",
    "Robles",
    "Sandoval",
    "Trejo",
    "Urbina",
    "Valdez",
    "Yáñez",
]

WORKSHOPS = {
    "fashion": (
        "Confecciones",
        "Textiles",
        "Uniformes",
        "Bordados",
        "Creaciones",
        "Tejidos",
        "Modas",
        "Costuras",
    ),
    "footwear": ("Calzado", "Zapatería", "Botas", "Huaraches", "Suelas y Pieles", "Calzado Infantil"),
    "furniture": (
        "Muebles",
        "Carpintería",
        "Maderas",
        "Tapicería",
        "Blancos",
        "Hogar",
        "Ebanistería",
        "Salas",
    ),
}

# City, state (SAT code), IANA time zone.
TOWNS = {
    "fashion": (
        ("Puebla", "PUE", "America/Mexico_City"),
        ("Moroleón", "GUA", "America/Mexico_City"),
        ("Tehuacán", "PUE", "America/Mexico_City"),
        ("Iztapalapa", "CMX", "America/Mexico_City"),
        ("Uriangato", "GUA", "America/Mexico_City"),
        ("Mérida", "YUC", "America/Merida"),
    ),
    "footwear": (
        ("León", "GUA", "America/Mexico_City"),
        ("San Mateo Atenco", "MEX", "America/Mexico_City"),
        ("Guadalajara", "JAL", "America/Mexico_City"),
    ),
    "furniture": (
        ("Ocotlán", "JAL", "America/Mexico_City"),
        ("Guadalajara", "JAL", "America/Mexico_City"),
        ("Xochimilco", "CMX", "America/Mexico_City"),
        ("Concordia", "SIN", "America/Mazatlan"),
        ("Cuanajo", "MIC", "America/Mexico_City"),
        ("Tijuana", "BCN", "America/Tijuana"),
    ),
}

PRODUCTS = {
    "fashion": ("Blusa bordada", "Falda de manta", "Vestido Rosario", "Playera básica"),
    "footwear": ("Bota Ranchera", "Mocasín café", "Sandalia Playa", "Botín negro"),
    "furniture": ("Buró de pino", "Mesa de centro", "Silla Tule", "Librero angosto"),
}

HELP = (
    "No encuentro dónde bajar mis ventas. ¿Me dices el botón?",
    "No sé qué poner en gastos fijos si trabajo en mi casa.",
    "Mi constancia fiscal dice otro domicilio. ¿La subo así?",
    "¿La foto puede ser de una muestra o tiene que ser el producto final?",
)
SHARED_NOTES = (
    "Revisamos las fotos y el precio mínimo de tres productos.",
    "Vimos cómo bajar las ventas del mes y quién las va a anotar.",
    "Ordenamos la lista de productos y apartamos quince minutos diarios para contestar preguntas.",
)
INTERNAL_NOTES = (
    "Le cuesta el celular; conviene llamar al hijo.",
    "Está en temporada alta: proponer pausa si falta otra vez.",
    "Buen candidato para mentor de la próxima generación.",
)
AGREEMENTS = (
    "Subir las tres fotos con luz de ventana",
    "Anotar las ventas de cada día en la libreta",
    "Calcular el costo de la blusa bordada",
    "Contestar las preguntas antes de las 8 de la noche",
    "Mandar el ejemplo de ficha técnica",
)

GOALS = (
    "Vender 20 piezas al mes por internet antes de terminar el curso.",
    "Contestar cada mensaje el mismo día y llegar a 10 pedidos.",
    "Tener 12 productos publicados con buenas fotos y su precio bien hecho.",
)

GROUND_RULES = (
    "Nos vemos cada dos semanas. Quien no pueda avisa un día antes. Los mensajes se contestan en dos días."
)
