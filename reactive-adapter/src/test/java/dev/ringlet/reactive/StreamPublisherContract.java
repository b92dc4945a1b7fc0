package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What a subscriber sees of a socket, on any driver. */
abstract class StreamPublisherContract extends DriverContract {
  StreamPublisherContract(String driver) {
    super(driver);
  }

  @Test
  void dataArrivesInOrderUntilThePeerEndsItsOutput() throws IOException {
    try (Peer peer = Peer.sending(system.io(), 20)) {
      StepVerifier.create(chunks(peer).collectList())
          .expectNext(LongStream.range(0, 20).boxed().toList())
          .expectComplete()
          .verify(TestSystem.PATIENCE);
    }
  }

  /**
   * Two elements more than wanted are in the socket all the time. No demand, no armed receive: so
   * nothing can arrive.
   */
  @Test
  void nothingComesWithoutDemand() throws IOException {
    try (Peer peer = Peer.sending(system.io(), 6)) {
      StepVerifier.create(chunks(peer), 0)
          .thenRequest(1)
          .expectNext(0L)
          .then(system::awaitNothingInFlight)
          .thenRequest(3)
          .expectNext(1L, 2L, 3L)
          .then(system::awaitNothingInFlight)
          .thenRequest(10)
          .expectNext(4L, 5L)
          .expectComplete()
          .verify(TestSystem.PATIENCE);
    }
  }

  @Test
  void longStreamFlowsInSmallSteps() throws IOException {
    try (Peer peer = Peer.sending(system.io(), Peer.ENDLESS)) {
      StepVerifier.create(received(peer).limitRate(5).doOnNext(IoBuffer::release).take(5_000))
          .expectNextCount(5_000)
          .expectComplete()
          .verify(TestSystem.PATIENCE);
    }
  }

  /**
   * What was on its way when the subscriber cancelled is given back; {@link #closeSystem} looks.
   */
  @Test
  void buffersThatArriveAfterCancelAreGivenBack() throws IOException {
    try (Peer peer = Peer.sending(system.io(), Peer.ENDLESS)) {
      Probe<IoBuffer> probe =
          Probe.acting(
              (buffer, subscription) -> {
                buffer.release();
                subscription.cancel();
              });
      received(peer).subscribe(probe);
      probe.awaitSubscription().request(Long.MAX_VALUE);
      system.awaitQuiescence();
      assertEquals(1, probe.elements.size());
      assertTrue(!probe.hasEnded());
    }
  }

  @Test
  void streamCanBeSubscribedAgainAfterACancel() throws IOException {
    try (Peer peer = Peer.connect(system.io())) {
      peer.send(1);
      StepVerifier.create(chunks(peer).take(1)).expectNext(1L).verifyComplete();
      system.awaitNothingInFlight();
      peer.send(2);
      StepVerifier.create(chunks(peer), 1).expectNext(2L).thenCancel().verify(TestSystem.PATIENCE);
    }
  }

  @Test
  void brokenConnectionSignalsItsError() throws IOException {
    try (Peer peer = Peer.connect(system.io())) {
      Probe<IoBuffer> probe = new Probe<>();
      received(peer).subscribe(probe);
      probe.awaitSubscription().request(1);
      peer.reset();
      IoException failure = assertInstanceOf(IoException.class, probe.awaitFailure());
      assertEquals(Errno.ECONNRESET, failure.errno());
    }
  }

  @Test
  void secondSubscriberIsRefusedAndTheFirstGoesOn() throws IOException {
    try (Peer peer = Peer.connect(system.io())) {
      StepVerifier.create(chunks(peer), 1)
          .expectSubscription()
          .then(
              () ->
                  StepVerifier.create(chunks(peer))
                      .expectError(IllegalStateException.class)
                      .verify(TestSystem.PATIENCE))
          .then(() -> send(peer, 5))
          .expectNext(5L)
          .thenCancel()
          .verify(TestSystem.PATIENCE);
    }
  }

  @Test
  void spec309_requestZeroSignalsErrorAndFreesTheStream() throws IOException {
    try (Peer peer = Peer.connect(system.io())) {
      Probe<IoBuffer> probe = new Probe<>();
      received(peer).subscribe(probe);
      probe.awaitSubscription().request(0);
      assertInstanceOf(IllegalArgumentException.class, probe.awaitFailure());
      system.awaitQuiescence();
      peer.send(3);
      StepVerifier.create(chunks(peer), 1).expectNext(3L).thenCancel().verify(TestSystem.PATIENCE);
    }
  }

  @Test
  void closingTheStreamCompletesTheSubscriber() throws IOException {
    try (Peer peer = Peer.connect(system.io())) {
      StepVerifier.create(chunks(peer))
          .expectSubscription()
          .then(() -> TestSystem.get(peer.stream().close()))
          .expectComplete()
          .verify(TestSystem.PATIENCE);
    }
  }

  @Test
  void closingTheSystemSignalsError() throws IOException {
    Peer peer = Peer.connect(system.io());
    Probe<IoBuffer> probe = new Probe<>();
    received(peer).subscribe(probe);
    probe.awaitSubscription().request(1);
    system.close();
    assertTrue(probe.hasEnded());
    assertTrue(probe.awaitFailure().getMessage().contains("closed"));
    StepVerifier.create(chunks(peer))
        .expectError(IllegalStateException.class)
        .verify(TestSystem.PATIENCE);
    peer.closeOwnEnd();
  }

  /** Three clients, one of them wanted: the others find their connections closed. */
  @Test
  void connectionsThatNobodyGetsAreClosed() throws IOException {
    TcpListener listener = system.listen();
    Publisher<TcpStream> connections = Publishers.from(listener.connections());
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(
          new Socket(listener.localAddress().getAddress(), listener.localAddress().getPort()));
    }
    TcpStream first = Flux.from(connections).take(1, false).blockFirst(TestSystem.PATIENCE);
    TestSystem.get(listener.close());
    for (Socket client : clients.subList(1, 3)) {
      assertTrue(isClosedByPeer(client));
    }
    TestSystem.get(first.close());
    assertTrue(isClosedByPeer(clients.get(0)));
    for (Socket client : clients) {
      client.close();
    }
  }

  static boolean isClosedByPeer(Socket client) throws IOException {
    client.setSoTimeout((int) TestSystem.PATIENCE.toMillis());
    try {
      return client.getInputStream().read() == -1;
    } catch (SocketException reset) {
      return true;
    }
  }

  private static void send(Peer peer, long number) {
    try {
      peer.send(number);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static Flux<IoBuffer> received(Peer peer) {
    return Flux.from(Publishers.from(peer.stream().receive()));
  }

  private static Flux<Long> chunks(Peer peer) {
    return received(peer).map(Releasing::readNumber);
  }
}
