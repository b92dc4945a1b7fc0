package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoException;
import dev.ringlet.io.TlsException;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.io.TlsOptions.ClientAuth;
import dev.ringlet.io.TlsStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, who is refused, and what is told of it. */
@OnBothDrivers
final class TlsTrustTest extends TlsTest {
  private static final SSLContext KNOWN_CLIENT =
      TlsKeys.context(List.of(TlsKeys.CLIENT), List.of(TlsKeys.A, TlsKeys.B));
  private static final SSLContext TRUSTS_NOBODY =
      TlsKeys.context(List.of(), List.of(TlsKeys.CLIENT));

  TlsTrustTest(String driver) {
    super(driver);
  }

  private static TlsOptions known() {
    return TlsOptions.client(KNOWN_CLIENT).withPeer("a.example", 443);
  }

  private static String name(TlsStream stream) throws SSLPeerUnverifiedException {
    X509Certificate first = (X509Certificate) stream.session().getPeerCertificates()[0];
    return first.getSubjectX500Principal().getName();
  }

  private void closeBoth(TlsStream client) throws InterruptedException {
    rig.close(client);
    rig.close(rig.acceptedStream());
  }

  private static String message(IoException failure) {
    assertInstanceOf(TlsException.class, failure, failure.getMessage());
    assertEquals(Errno.EPROTO, failure.errno());
    return failure.getMessage();
  }

  private static void assertTells(String expected, IoException failure) {
    String message = message(failure);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void theServerChoosesAnApplicationProtocol() throws Exception {
    int port = rig.serve(TlsRig.server().withApplicationProtocols("h2", "http/1.1"));
    TlsStream client =
        rig.connect(port, TlsRig.client().withApplicationProtocols("http/1.1", "h2"));
    assertEquals("h2", client.applicationProtocol());
    TlsStream server = rig.acceptedStream();
    assertEquals("h2", server.applicationProtocol());
    assertEquals(server.cipherSuite(), client.cipherSuite());
    rig.close(client);
    rig.close(server);
    client = rig.connect(port, TlsRig.client());
    assertEquals("", client.applicationProtocol());
    closeBoth(client);
  }

  @Test
  void withoutACommonApplicationProtocolThereIsNone() throws Exception {
    int port = rig.serve(TlsRig.server().withApplicationProtocols("h2"));
    assertTells(
        "no_application_protocol",
        rig.handshake(port, TlsRig.client().withApplicationProtocols("imap")).failure());
    assertTells("No matching application layer protocol", rig.acceptFailure());
  }

  @Test
  void theNameThatIsAskedForChoosesTheCertificate() throws Exception {
    int port = rig.serve(TlsRig.server());
    for (String host : List.of("a", "b")) {
      TlsStream client = rig.connect(port, TlsRig.client().withPeer(host + ".example", 443));
      assertEquals("CN=" + host + ".example", name(client));
      closeBoth(client);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientThatIsKnownIsLetIn(String protocol) throws Exception {
    int port = rig.serve(TlsRig.server().withClientAuth(ClientAuth.NEED));
    TlsStream client = rig.connect(port, known().withProtocols(protocol));
    TlsStream server = rig.acceptedStream();
    assertEquals("CN=client", name(server));
    rig.close(client);
    rig.close(server);
  }

  @Test
  void aClientWithoutACertificateIsRefusedIfItNeedsOne() throws Exception {
    int port = rig.serve(TlsRig.server().withClientAuth(ClientAuth.NEED));
    // Which alert it is depends on the JDK.
    assertTells(
        "Received fatal alert",
        rig.handshake(port, TlsRig.client().withProtocols("TLSv1.2")).failure());
    assertTells("Empty client certificate chain", rig.acceptFailure());
    // With TLS 1.3 the client's side is done before the server has seen the certificate.
    TlsStream client = rig.connect(port, TlsRig.client());
    assertTells("Empty client certificate chain", rig.acceptFailure());
    assertTells("Received fatal alert", rig.collect(client, 1).failure());
    rig.close(client);
  }

  @Test
  void aClientWithoutACertificateIsLetInIfThatIsOnlyWanted() throws Exception {
    int port = rig.serve(TlsRig.server().withClientAuth(ClientAuth.WANT));
    TlsStream client = rig.connect(port, TlsRig.client());
    TlsStream server = rig.acceptedStream();
    assertThrows(SSLPeerUnverifiedException.class, () -> server.session().getPeerCertificates());
    rig.close(client);
    rig.close(server);
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsRig.Begun<TlsStream> handshake =
        rig.handshake(port, TlsRig.client().withPeer("c.example", 443));
    IoException failure = handshake.failure();
    assertTells("No subject alternative DNS name matching c.example found", failure);
    assertTells("c.example at ", failure);
    assertTells("/127.0.0.1:" + port, failure);
    assertEquals("TLS handshake", failure.operation());
    assertTells("certificate_unknown", rig.acceptFailure());
    TlsStream client =
        rig.connect(port, TlsRig.client().withPeer("c.example", 443).withoutHostVerification());
    closeBoth(client);
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsOptions options = TlsOptions.client(TRUSTS_NOBODY).withPeer("a.example", 443);
    assertTells("unable to find valid certification path", rig.handshake(port, options).failure());
    assertTells("certificate_unknown", rig.acceptFailure());
  }

  @Test
  void whoMeansNobodyIsToldSo() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, TlsRig.HERE)) {
      var stream = rig.tcp(listener.getLocalPort());
      Systems.inTurn(
          rig.executor(),
          context -> {
            IllegalArgumentException refused =
                assertThrows(
                    IllegalArgumentException.class,
                    () -> context.io().tls(stream, TlsOptions.client(TlsRig.CLIENT)));
            assertTrue(refused.getMessage().contains("withPeer"), refused.getMessage());
            assertThrows(
                IllegalArgumentException.class,
                () -> context.io().connectTls("localhost", 443, TlsRig.server()));
          });
      rig.close(stream);
    }
  }

  @Test
  void plainTextIsNoTls() throws Exception {
    int port = rig.serve(TlsRig.server());
    try (Socket socket = new Socket(TlsRig.HERE, port)) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      IoException failure = rig.acceptFailure();
      assertTells("SSL message", failure);
      assertTells(String.valueOf(socket.getLocalPort()), failure);
      assertTrue(socket.getInputStream().readAllBytes().length < 100);
    }
  }

  @Test
  void aServerThatSpeaksPlainTextIsRefused() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, TlsRig.HERE)) {
      TlsRig.Begun<TlsStream> handshake = rig.handshake(listener.getLocalPort(), TlsRig.client());
      try (Socket socket = listener.accept()) {
        socket
            .getOutputStream()
            .write("220 mail.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
        assertTells("SSL message", handshake.failure());
      }
    }
  }

  @Test
  void sessionsAreResumed() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsOptions options =
        TlsOptions.client(TlsKeys.context(List.of(), List.of(TlsKeys.A)))
            .withPeer("a.example", port)
            .withProtocols("TLSv1.2");
    TlsStream first = rig.connect(port, options);
    byte[] id = first.session().getId();
    closeBoth(first);
    TlsStream second = rig.connect(port, options);
    assertArrayEquals(id, second.session().getId());
    closeBoth(second);
  }

  @Test
  void aHostIsConnectedToAndVerifiedByItsName() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsOptions options = TlsOptions.client(TlsRig.CLIENT);
    TlsStream client =
        Systems.value(rig.executor(), io -> io.connectTls("localhost", port, options));
    assertEquals("TLSv1.3", client.protocol());
    closeBoth(client);
    IoException refused =
        rig.begin(io -> io.connectTls("127.0.0.2", port, options).timeout(Duration.ofMinutes(1)))
            .failure();
    assertTrue(refused.getMessage().contains("127.0.0.2:" + port), refused.getMessage());
    assertEquals(Errno.ECONNREFUSED, refused.errno());
  }
}
