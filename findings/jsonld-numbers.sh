#!/usr/bin/env bash
# The score 8.0 of one JSON-LD document is an xsd:integer "8" for PyLD 3.3.0 and an xsd:double "8.0" for rdflib 7.6.0; 8.5 is
# "8.5E0" for one and "8.5" for the other. Statements from both never compare as equal, and signatures over canonical
# RDF differ. (JSON-LD's algorithm asks for PyLD's answer.)
#
# Guess: both follow the JSON-LD algorithm and give the same statements.
# Mend: typed strings: {"@value": "8.0", "@type": "xsd:decimal"}.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with rdflib==7.6.0 PyLD==3.3.0

seen python - <<'PY'
import json

from pyld import jsonld
from rdflib import Graph

for score in (8.0, 8.5):
    document = {"@context": {"@vocab": "https://schema.org/"}, "@id": "http://example.org/1", "ratingValue": score}
    literal = next(Graph().parse(data=json.dumps(document), format="json-ld").objects())
    print(f"{score}: rdflib", literal.n3().replace("http://www.w3.org/2001/XMLSchema#", "xsd:"), end="; ")
    value = jsonld.to_rdf(document)["@default"][0]["object"]
    print(f'PyLD "{value["value"]}"^^<{value["datatype"].replace("http://www.w3.org/2001/XMLSchema#", "xsd:")}>')
PY

expect <<'END'
8.0: rdflib "8.0"^^<xsd:double>; PyLD "8"^^<xsd:integer>
8.5: rdflib "8.5"^^<xsd:double>; PyLD "8.5E0"^^<xsd:double>
END
