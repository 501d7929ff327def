"""The commands of `openssl`: what is made with only wd loaded stock OpenSSL reads, and the other way round.

Environment: WD_PROVIDER.
"""
import concurrent.futures
import os
import random
import re
import sys

import provider
from certificates import KINDS

LISTS = ("digest-algorithms", "cipher-algorithms", "mac-algorithms", "kdf-algorithms", "random-generators", "key-managers",
         "key-exchange-algorithms", "kem-algorithms", "signature-algorithms", "asymcipher-algorithms", "encoders", "decoders",
         "store-loaders")
MORE_KINDS = {
    "x25519": ["-algorithm", "X25519"],
    "x448": ["-algorithm", "X448"],
    "dh": ["-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"],
    "sm2": ["-algorithm", "SM2"],
    "brainpool": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"],
    "explicit": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
}
DIGESTS = ("md5 sha1 sha224 sha256 sha384 sha512 sha512-224 sha512-256 sha3-224 sha3-256 sha3-384 sha3-512 shake128 "
           "shake256 sm3 ripemd160 blake2b512 blake2s256").split()
SIZES = (0, 1, 15, 16, 17, 100_000)
NO_LEGACY = r"-(bf|blowfish|cast|des(-(cbc|cfb|ofb|ecb).*)?|idea|rc2|rc4|seed|desx|cast5).*"


class Commands:
    """Runs commands on one side and the other, in a directory of their own."""

    def __init__(self, sides, name, maker, reader):
        self.directory = sides.path(name)
        os.mkdir(self.directory)
        self.maker, self.reader = maker, reader

    def path(self, name):
        return os.path.join(self.directory, name)

    def command(self, environment, arguments, data):
        # @name is a file here.
        arguments = [re.sub(r"^(file:)?@", lambda match: (match.group(1) or "") + self.directory + "/", each)
                     for each in arguments.split()]
        return provider.run([provider.program("openssl"), *arguments], environment, data)

    def make(self, arguments, data=b""):
        return self.command(self.maker, arguments, data)

    def read(self, arguments, data=b""):
        return self.command(self.reader, arguments, data)

    def same(self, arguments, data=b""):
        """What both sides must answer alike."""
        made, read = self.make(arguments, data), self.read(arguments, data)
        if made != read:
            sys.exit(f"openssl {arguments}: {made[:200]} and {read[:200]}")
        return made

    def expect(self, what, got, wanted):
        if got != wanted:
            sys.exit(f"{what}: {len(got)} bytes, not the {len(wanted)} that it should be: {got[:100]}")


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def keys(run):
    for name, how in {**KINDS, **MORE_KINDS}.items():
        arguments = " ".join(how)
        if name == "dsa":
            run.make("genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out @dsa.parameters")
            arguments = "-paramfile @dsa.parameters"
        run.make(f"genpkey {arguments} -out @{name}.key")
        text = run.same(f"pkey -in @{name}.key -text")
        run.make(f"pkey -in @{name}.key -outform DER -out @{name}.der")
        run.expect(name, run.read(f"pkey -inform DER -in @{name}.der -text"), text)
        run.make(f"pkey -in @{name}.key -aes-256-cbc -passout pass:sesame -out @{name}.encrypted")
        run.expect(name, run.read(f"pkey -in @{name}.encrypted -passin pass:sesame -text"), text)
        run.make(f"pkcs8 -topk8 -in @{name}.key -v2 aes-128-cbc -v2prf hmacWithSHA512 -passout pass:sesame -out @{name}.pkcs8")
        run.expect(name, run.read(f"pkey -in @{name}.pkcs8 -passin pass:sesame -text"), text)
        run.make(f"pkey -in @{name}.key -pubout -out @{name}.public")
        run.expect(name, run.read(f"pkey -in @{name}.key -pubout"), read_file(run.path(f"{name}.public")))
        if name not in ("x25519", "x448"):
            run.read(f"pkey -in @{name}.key -check -noout")
    run.make("rsa -in @rsa.key -traditional -aes256 -passout pass:sesame -out @rsa.traditional")
    run.read("rsa -in @rsa.traditional -passin pass:sesame -check -noout")
    run.make("ec -in @p256.key -outform DER -out @p256.sec1")
    run.read("ec -inform DER -in @p256.sec1 -check -noout")


def certificates(run):
    run.make("req -x509 -new -key @p384.key -subj /CN=authority -days 30 -out @ca.pem")
    for name in KINDS:
        run.make(f"req -new -key @{name}.key -subj /CN={name} -out @{name}.request")
        run.read(f"req -in @{name}.request -verify -noout")
        run.make(f"x509 -req -in @{name}.request -CA @ca.pem -CAkey @p384.key -CAcreateserial -days 30 -out @{name}.pem")
        run.read(f"verify -auth_level 0 -CAfile @ca.pem @{name}.pem")
        run.same(f"x509 -in @{name}.pem -text -noout -fingerprint -sha256")
        run.make(f"req -x509 -new -key @{name}.key -subj /CN=self -days 30 -out @{name}.self")
        run.read(f"verify -auth_level 0 -CAfile @{name}.self @{name}.self")
    for more in "", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1", "-keypbe AES-128-CBC -macalg sha512 -iter 5000":
        run.make(f"pkcs12 -export -inkey @rsa.key -in @rsa.pem -certfile @ca.pem -passout pass:sesame {more} -out @p12")
        text = run.read("pkcs12 -in @p12 -passin pass:sesame -nodes")
        if text.count(b"BEGIN CERTIFICATE") != 2 or text.count(b"BEGIN PRIVATE KEY") != 1:
            sys.exit(f"pkcs12 {more}: {text}")
    run.make("crl2pkcs7 -nocrl -certfile @rsa.pem -certfile @ca.pem -out @bundle")
    run.same("pkcs7 -in @bundle -print_certs")
    run.same("storeutl -noout -text -certs @rsa.pem")


def messages(run, data):
    for name in "rsa", "p256", "dsa":
        run.make(f"cms -sign -binary -nodetach -signer @{name}.pem -inkey @{name}.key -outform DER -out @signed", data)
        run.expect(f"cms signed with {name}", run.read("cms -verify -binary -inform DER -in @signed -noverify"), data)
    for cipher in "aes-128-cbc", "aes-256-cbc", "aes-192-cbc", "aes-128-gcm", "aes-256-gcm", "camellia-256-cbc", "des3":
        for name in "rsa", "p256":
            run.make(f"cms -encrypt -binary -{cipher} -outform DER -out @sealed @{name}.pem", data)
            run.expect(f"cms {cipher} to {name}", run.read(
                f"cms -decrypt -binary -inform DER -in @sealed -recip @{name}.pem -inkey @{name}.key"), data)
    run.make("cms -encrypt -binary -aes-256-cbc -pwri_password sesame -outform DER -out @sealed", data)
    run.expect("cms with a password", run.read("cms -decrypt -binary -inform DER -in @sealed -pwri_password sesame"), data)
    run.make("cms -digest_create -binary -md sha512 -outform DER -out @digested", data)
    run.expect("cms digest", run.read("cms -digest_verify -binary -inform DER -in @digested"), data)
    run.make("cms -EncryptedData_encrypt -binary -aes128 -secretkey 000102030405060708090a0b0c0d0e0f -outform DER -out @secret", data)
    run.expect("cms with a key", run.read(
        "cms -EncryptedData_decrypt -binary -inform DER -in @secret -secretkey 000102030405060708090a0b0c0d0e0f"), data)
    run.make("smime -sign -binary -nodetach -signer @rsa.pem -inkey @rsa.key -outform DER -out @smime", data)
    run.expect("smime", run.read("smime -verify -noverify -binary -inform DER -in @smime"), data)


def digests(run, data):
    for name in DIGESTS:
        for size in SIZES:
            run.same(f"dgst -{name}", data[:size])
        if not name.startswith(("shake", "blake")):
            run.same(f"dgst -{name} -hmac key", data)
            run.same(f"mac -digest {name} -macopt hexkey:000102030405060708090a0b0c0d0e0f HMAC", data)
    for name in "sha1", "sha256", "sha512", "sha3-256":
        for key in "rsa", "p256", "dsa", "brainpool":
            run.make(f"dgst -{name} -sign @{key}.key -out @signature", data)
            run.read(f"dgst -{name} -verify @{key}.public -signature @signature", data)
    for cipher in "AES-128-CBC", "AES-256-CBC":
        run.same(f"mac -cipher {cipher} -macopt hexkey:{'00' * (int(cipher[4:7]) // 8)} CMAC", data)
    run.same("mac -cipher AES-128-GCM -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt hexiv:000102030405060708090a0b GMAC", data)
    run.same("mac -macopt key:secret KMAC128", data)
    for kdf in ("-kdfopt digest:SHA256 -kdfopt key:secret -kdfopt salt:salt -kdfopt info:label HKDF",
                "-kdfopt digest:SHA512 -kdfopt pass:password -kdfopt salt:salt -kdfopt iter:2000 PBKDF2",
                "-kdfopt pass:password -kdfopt salt:salt -kdfopt n:1024 -kdfopt r:8 -kdfopt p:2 SCRYPT",
                "-kdfopt digest:SHA256 -kdfopt secret:secret -kdfopt seed:seed TLS1-PRF"):
        run.same(f"kdf -keylen 40 {kdf}")
    for kind in "1", "apr1", "5", "6":
        run.same(f"passwd -{kind} -salt saltsalt sesame")


def ciphers(run, data):
    listed = run.same("enc -list").decode().split("\n", 1)[1].split()
    names = [name for name in listed if not re.fullmatch(NO_LEGACY, name) and "wrap" not in name]
    for name in names:
        options = f"enc {name} -pbkdf2 -iter 10 -pass pass:sesame"
        for size in SIZES:
            # A stitched mode or XTS cannot take every length; both sides must say so alike.
            if "xts" in name and size < 16:
                continue
            run.make(f"{options} -out @enciphered", data[:size])
            run.expect(f"{name}, {size} bytes", run.read(f"{options} -d -in @enciphered"), data[:size])
    run.make("enc -aes-256-ctr -a -K 00 -iv 01 -out @enciphered", data)
    run.expect("base64", run.read("enc -aes-256-ctr -a -d -K 00 -iv 01 -in @enciphered"), data)
    if len(names) < 60:
        sys.exit(f"only {len(names)} ciphers: {names}")
    return len(names)


def public_key(run):
    digest = random.Random(2).randbytes(32)
    for key, options in (("rsa", ""), ("rsa", "-pkeyopt rsa_padding_mode:pss"), ("rsa-pss", ""), ("p256", ""), ("p521", ""),
                         ("dsa", "")):
        run.make(f"pkeyutl -sign -inkey @{key}.key -pkeyopt digest:sha256 {options} -out @signature", digest)
        run.read(f"pkeyutl -verify -pubin -inkey @{key}.public -pkeyopt digest:sha256 {options} -sigfile @signature", digest)
    with open(run.path("text"), "wb") as out:
        out.write(digest * 10)
    for key in "ed25519", "ed448", "sm2", "rsa":
        run.make(f"pkeyutl -sign -rawin -in @text -inkey @{key}.key -out @signature")
        run.read(f"pkeyutl -verify -rawin -in @text -pubin -inkey @{key}.public -sigfile @signature")
    for key, options in (("rsa", ""), ("rsa", "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256"), ("sm2", "")):
        run.make(f"pkeyutl -encrypt -pubin -inkey @{key}.public {options} -out @sealed", digest)
        run.expect(f"{key} {options}", run.read(f"pkeyutl -decrypt -inkey @{key}.key {options} -in @sealed"), digest)
    for key in "p256", "p521", "brainpool", "x25519", "x448", "dh":
        how = MORE_KINDS.get(key) or KINDS[key]
        run.read(f"genpkey {' '.join(how)} -out @{key}.peer")
        run.read(f"pkey -in @{key}.peer -pubout -out @{key}.peer.public")
        ours = run.make(f"pkeyutl -derive -inkey @{key}.key -peerkey @{key}.peer.public")
        run.expect(f"{key} derived", run.read(f"pkeyutl -derive -inkey @{key}.peer -peerkey @{key}.public"), ours)
    numbers = {run.make("rand 32") for _ in range(5)} | {run.read("rand 32") for _ in range(5)}
    if len(numbers) != 10 or any(len(each) != 32 for each in numbers):
        sys.exit("these are no random numbers")
    run.read("prime " + run.make("prime -generate -bits 256").decode().strip())


def lists(run):
    for name in LISTS:
        both = [sorted(re.sub(r"(@ |provider=)(wd|default)\b", r"\1", text.decode()).splitlines())
                for text in (run.make(f"list -{name}"), run.read(f"list -{name}"))]
        if both[0] != both[1] or len(both[0]) < 1:
            sys.exit(f"openssl list -{name}: only on one side: {sorted(set(both[0]) ^ set(both[1]))[:10]}")


def one_way(sides, name, maker, reader):
    data = random.Random(1).randbytes(max(SIZES))
    run = Commands(sides, name, maker, reader)
    keys(run)
    certificates(run)
    messages(run, data)
    digests(run, data)
    number = ciphers(run, data)
    public_key(run)
    lists(run)
    return f"{name}: {len(KINDS) + len(MORE_KINDS)} kinds of keys, {len(DIGESTS)} digests, {number} ciphers"


def main():
    with provider.Sides() as sides, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(one_way, sides, *way) for way in (("made-by-wd", sides.alone, sides.stock),
                                                                   ("read-by-wd", sides.stock, sides.alone))]:
            print(done.result())


if __name__ == "__main__":
    main()
