"""What vendors meter, as German, French, Spanish, Portuguese, Italian, Dutch and Nordic pages call it.

Only words that mean nothing else in English: then no page's language needs to be known.
"""

from __future__ import annotations

_WORDS = {
    "seat": "nutzer nutzern benutzer benutzern mitglied mitglieder teammitglied teammitglieder lizenz lizenzen utilisateur "
    "utilisateurs utilisatrice utilisatrices membre membres usuario usuarios miembro miembros licencia licencias usuário "
    "usuários membro membros licença licenças utente utenti membri licenze licenza gebruiker gebruikers användare bruger "
    "brugere bruker brukere käyttäjä käyttäjää użytkownik użytkowników użytkownicy",
    "project": "projekt projekte projekten projet projets proyecto proyectos projeto projetos progetto progetti projecten "
    "prosjekt prosjekter projekter",
    "document": "dokument dokumente dokumenten documento documentos documenti documenten dokumenter",
    "contact": "kontakt kontakte kontakten contacto contactos contato contatos contatto contatti contacten kontakter",
    "message": "nachricht nachrichten mensaje mensajes mensagem mensagens messaggio messaggi berichten meldinger",
    "invoice": "rechnung rechnungen facture factures factura facturas fatura faturas fattura fatture facturen fakturaer",
    "request": "anfrage anfragen requête requêtes solicitud solicitudes richiesta richieste",
    "call": "aufruf aufrufe appels llamada llamadas chamada chamadas chiamata chiamate",
    "pageview": "seitenaufruf seitenaufrufe seitenaufrufen",
    "page": "seiten página páginas pagine",
    "visitor": "besucher besuchern visiteur visiteurs visitante visitantes visitatori bezoekers besøkende",
    "order": "bestellung bestellungen commandes pedido pedidos ordini bestellingen",
    "product": "produkt produkte produkten produit produits producto productos produto produtos prodotto prodotti producten "
    "produkter",
    "customer": "kunde kunden cliente clientes clienti klanten kunder",
    "location": "standort standorte standorten",
    "device": "gerät geräte geräten appareil appareils dispositivo dispositivos dispositivi apparaten enheter",
    "task": "aufgabe aufgaben tâche tâches tarea tareas tarefa tarefas oppgaver",
    "employee": "mitarbeiter mitarbeitern mitarbeitende employé employés salarié salariés empleado empleados funcionários "
    "dipendente dipendenti medewerker medewerkers ansatte anställda",
    "form": "formular formulare formulaire formulaires formulario formularios",
    "response": "antwort antworten réponse réponses respuesta respuestas risposte",
    "subscriber": "abonnent abonnenten abonné abonnés suscriptor suscriptores iscritti",
    "mailbox": "postfach postfächer postfächern",
    "workspace": "arbeitsbereich arbeitsbereiche",
    "database": "datenbank datenbanken",
    "template": "vorlage vorlagen plantilla plantillas",
    "booking": "buchung buchungen reserva reservas",
    "event": "ereignis ereignisse événement événements evento eventos eventi",
    "credit": "crédit crédits crédito créditos crediti",
    "email": "courriel courriels correo correos",
    "file": "datei dateien fichier fichiers archivo archivos bestanden",
    "site": "webseite webseiten sitio sitios siti",
    "storage": "speicherplatz speicher stockage almacenamiento armazenamento archiviazione opslag lagring lagringsplats",
    "bandwidth": "bandbreite",
}
NOUNS = {word: noun for noun, words in _WORDS.items() for word in words.split()}
# What follows such a noun and is no part of it: "3 Nutzer inklusive", "5 utilisateurs inclus".
_INCLUDED = (
    "inklusive inkl enthalten inbegriffen inclus incluse incluses compris incluido incluidos incluida incluidas "
    "incluído incluídos incluso inclusi inbegrepen inkluderat inkludert"
)
INCLUDED = frozenset(_INCLUDED.split())
