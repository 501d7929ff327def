"""Keys and certificates for the tests, made by stock OpenSSL."""
import concurrent.futures
import os

import provider

# Name, and the arguments of genpkey.
KINDS = {
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa-pss": ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
    "p256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "p521": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    "ed25519": ["-algorithm", "ED25519"],
    "ed448": ["-algorithm", "ED448"],
    "dsa": ["-paramfile"],
}


class Certificates:
    """A certificate authority in a directory, and one key and certificate of each kind that it has signed."""

    def __init__(self, sides, kinds=tuple(KINDS)):
        self.directory = sides.path("certificates")
        self.environment = sides.stock
        os.mkdir(self.directory)
        self.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.key("ca"))
        self.openssl("req", "-x509", "-new", "-key", self.key("ca"), "-subj", "/CN=authority", "-days", "30",
                     "-addext", "basicConstraints=critical,CA:TRUE", "-out", self.certificate("ca"))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(self.make, kinds))

    def openssl(self, *arguments):
        return provider.run([provider.program("openssl"), *arguments], self.environment)

    def key(self, kind):
        return os.path.join(self.directory, f"{kind}.key")

    def certificate(self, kind):
        return os.path.join(self.directory, f"{kind}.pem")

    def make(self, kind):
        how = KINDS[kind]
        if kind == "dsa":
            parameters = os.path.join(self.directory, "dsa.parameters")
            self.openssl("genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:1024",
                         "-out", parameters)
            how = [*how, parameters]
        self.openssl("genpkey", *how, "-out", self.key(kind))
        # Signed in one step: no serial file that two of these would fight over.
        self.openssl("req", "-x509", "-new", "-key", self.key(kind), "-subj", f"/CN={kind}.test", "-days", "30",
                     "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
                     "-CA", self.certificate("ca"), "-CAkey", self.key("ca"), "-out", self.certificate(kind))
