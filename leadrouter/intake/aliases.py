"""The words people put at the head of a column, and the field each one means.

One declarative table and the folding that compares headers with it; nothing here reads a file or a cell.
An ambiguous word ("type", "status", "title", "address", "contact") is left out on purpose: such a column is
kept as a custom field, and `--map` says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from leadrouter.domain.preset import OWNER
from leadrouter.intake.cells import CURRENCIES, custom_key

__all__ = [
    "ALIASES",
    "OUTCOME_ALIASES",
    "PAST_ALIASES",
    "Meaning",
    "custom_key",
    "folded",
    "meaning",
    "outcome_meaning",
]

ALIASES = {
    # The field's own name comes first and is not repeated here. Of two columns that mean the same field the
    # one named earlier in its line wins. Capitals, spaces, dots, hyphens and a currency at the end make no
    # difference: see `folded`.
    "external_id": "lead id, ext id, id, record id, contact id, enquiry id, inquiry id, lead no, "
    "anfragenummer, lead nummer, lead nr, aanvraagnummer, no rujukan",
    "name": "full name, lead name, contact name, customer name, client name, customer, client, nama penuh, nama, "
    "vollständiger name, nombre, nombre completo, nom complet, naam, volledige naam, nama lengkap, interessent",
    "first_name": "first, given name, forename, vorname, prénom, prenom, voornaam, nama depan, nama pertama",
    "last_name": "last, surname, family name, "
    "nachname, familienname, apellido, apellidos, nom, nom de famille, achternaam, nama belakang, nama akhir, "
    "nama keluarga",
    "email": "email address, email 1, primary email, contact email, customer email, lead email, personal email, "
    "work email, mail, emel, alternate email, secondary email, email 2, "
    "e mail adresse, mail adresse, correo, correo electrónico, correo electronico, courriel, adresse email, "
    "adresse mail, mailadres, e mailadres, alamat emel, alamat email, surel",
    "phone": "phone number, phone no, mobile, mobile phone, mobile number, mobile no, cell, cell phone, phone 1, "
    "primary phone, contact number, contact no, telephone, telephone number, tel, tel no, telefon, no telefon, "
    "no tel, hp, hp no, no hp, whatsapp, whatsapp number, home phone, work phone, alternate phone, "
    "secondary phone, phone 2, "
    "telefonnummer, telefonnr, handy, handynummer, mobil, mobilnummer, mobiltelefon, rufnummer, festnetz, teléfono, "
    "telefono, móvil, movil, celular, téléphone, numéro de téléphone, tél, portable, mobiel, telefoonnummer, "
    "telefoon, telepon, nomor telepon, no telepon, nomor hp, ponsel, nombor telefon, no tel bimbit",
    "source": "lead source, marketing channel, original source, traffic source, source name, enquiry source, "
    "inquiry source, utm source, lead channel, channel, sumber, "
    "quelle, lead quelle, fuente, origen, origine, bron",
    "campaign": "campaign name, marketing campaign, ad campaign, utm campaign, kempen, "
    "kampagne, campaña, campagne, kampanye",
    "cost": "lead cost, cost per lead, marketing cost, cpl, kosten, leadkosten, coste, coût, biaya",
    "intent": "lead type, enquiry type, inquiry type, transaction type, buyer or seller, buyer seller",
    "property_type": "type of property, preferred property type, home type, property kind, jenis hartanah, "
    "objektart, objekttyp, immobilientyp, immobilienart, tipo de inmueble, tipo de propiedad, type de bien, "
    "woningtype, tipe properti, jenis properti",
    "price": "budget, max price, maximum price, max budget, maximum budget, property price, purchase price, "
    "asking price, list price, listing price, bajet, harga, "
    "price range, budget range, preis, kaufpreis, preisspanne, preisvorstellung, precio, presupuesto, prix, prijs, "
    "koopprijs, vraagprijs, anggaran, julat harga",
    "postcode": "zip, zip code, postal code, property postcode, property postal code, property zip, pin code, poskod, "
    "plz, postleitzahl, código postal, codigo postal, code postal, kode pos",
    "area": "neighbourhood, neighborhood, preferred area, preferred location, property location, location, suburb, "
    "district, city, town, kawasan, "
    "ort, stadt, stadtteil, zona, barrio, ciudad, ville, quartier, plaats, woonplaats, stad, wijk, kota, lokasi, "
    "bandar, daerah",
    "lat": "latitude, property latitude, breitengrad",
    "lon": "lng, longitude, property longitude, längengrad",
    "language": "preferred language, spoken language, lang, bahasa, sprache, idioma, langue, taal",
    "timeframe": "timeline, buying timeframe, buying timeline, purchase timeframe, zeitrahmen",
    "quality": "lead quality, temperature, lead temperature, qualität",
    "tags": "tag, lead tags, labels, schlagworte, schlagwörter, etiquetas",
    "features": "property features, amenities, ausstattung",
    "preferred_channel": "contact method, preferred contact method, contact preference, preferred contact",
    "preferred_time": "preferred contact time, best time to call, best time to contact, time to call",
    "message": "notes, note, comments, comment, enquiry, inquiry, remarks, lead message, mesej, "
    "nachricht, anmerkung, anmerkungen, bemerkung, bemerkungen, kommentar, notiz, notizen, mensaje, comentario, "
    "comentarios, commentaire, commentaires, remarques, bericht, opmerking, opmerkingen, pesan, catatan, nota",
    "received_at": "received, received on, date received, created at, created time, created on, created, created date, "
    "create date, creation date, date created, lead date, date added, enquiry date, inquiry date, submitted at, "
    "submission date, timestamp, date, tarikh, "
    "datum, eingang, eingangsdatum, eingegangen am, anfragedatum, anfrage vom, erstellt am, fecha, fecha de alta, "
    "fecha de creación, fecha de creacion, date de création, date de creation, date de réception, aanmaakdatum, "
    "tanggal, tanggal masuk, tarikh terima",
    "requested_agent": "preferred agent, agent requested, wunschmakler",
    OWNER: "agent id, agent name, assigned agent, assigned to, assigned, assignee, assigned user, owner, owner name, "
    "owner id, lead owner, contact owner, record owner, sales agent, sales rep, salesperson, handled by, "
    "agent email, assigned agent email, owner email, ejen, "
    "makler, betreuer, zuständiger makler, agente, conseiller, makelaar, agen",
}

PAST_ALIASES = {
    # With --history alone: elsewhere a status is whatever the broker makes of it.
    "state": "status, lead status, stage, lead stage, pipeline stage, deal stage, deal status, lifecycle stage, "
    "disposition, lead state, outcome, result",
    "contacted_at": "contacted, first contact, first contact date, first contacted, first contacted at, "
    "date contacted, contact date, contacted date, first response, first call date, qualification date",
    "appointment_at": "appointment, appointment date, viewing date, showing date, site visit date, meeting date, "
    "visit date",
    "closed_at": "closed, close date, closed date, date closed, closing date, deal close date, sale date, sold date, "
    "won date, date won, lost date, date lost, converted date, completion date, settlement date",
    "value": "sale value, sale price, sold price, sale amount, deal value, deal price, deal amount, closed value, "
    "closed price, closing price, amount, transaction value",
    "reason": "lost reason, reason lost, loss reason, closed reason, closed lost reason, reason for loss",
}
"""The same for what a file of past leads says beyond the leads themselves (CONTRACT, --history)."""

OUTCOME_ALIASES = {
    "external_id": "lead, " + ALIASES["external_id"],
    "what": "outcome, event, activity, step, status, lead status, stage, state, result, action, type",
    "at": "date, when, time, outcome date, event date, date time, timestamp, happened at, occurred at, tarikh",
    "agent": ALIASES[OWNER],
    "value": PAST_ALIASES["value"] + ", price, score, rating, stars",
    "reason": PAST_ALIASES["reason"] + ", note, notes, comment, comments, remarks",
    "met": "criteria, criteria met, checklist",
}
"""The same for a file of outcomes (CONTRACT, `record`)."""


class Meaning(NamedTuple):
    """What a header means; the lower rank wins where two columns mean the same."""

    field: str
    rank: int


def folded(header: str) -> str:
    """Headers that differ only in case, spacing, punctuation or a currency at the end are the same."""
    words = custom_key(header).split("_")
    if len(words) > 1 and words[-1] in CURRENCIES:
        words.pop()  # "Budget (AED)"
    return "".join(words)


def _meanings(aliases: Mapping[str, str]) -> dict[str, Meaning]:
    return {
        folded(word): Meaning(field, rank)
        for field, words in aliases.items()
        for rank, word in enumerate((field, *words.split(",")))
    }


_OF_A_LEAD = _meanings(ALIASES)
_OF_THE_PAST = {**_meanings(PAST_ALIASES), **_OF_A_LEAD}
_OF_AN_OUTCOME = _meanings(OUTCOME_ALIASES)


def meaning(header: str, *, history: bool = False) -> Meaning | None:
    """The field (or `OWNER`) a header is known for; None for a word nobody has told us."""
    return (_OF_THE_PAST if history else _OF_A_LEAD).get(folded(header))


def outcome_meaning(header: str) -> Meaning | None:
    """The same for a column of a file of outcomes."""
    return _OF_AN_OUTCOME.get(folded(header))
