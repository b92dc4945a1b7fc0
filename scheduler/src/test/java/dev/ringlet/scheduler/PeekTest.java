package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looking at what a connection receives next. */
@OnBothDrivers
final class PeekTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private final String driver;
  private ActorSystem system;
  private ActorExecutor executor;
  private ServerSocket server;
  private TcpStream stream;
  private Socket peer;

  PeekTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() throws IOException {
    system = ActorSystem.create("test", Systems.pool(driver, 2).withReceiveBuffers(16, 4096));
    executor = system.executors().get(0);
    server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
    stream = Systems.value(executor, io -> io.connect(address));
    peer = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    server.close();
    system.close();
  }

  private ExecutorStats stats() {
    return system.stats().executors().get(0);
  }

  private void assertAtRest() {
    Systems.get(stream.close().toCompletionStage());
    Systems.assertAtRest(system);
  }

  private static byte[] bytes(IoBuffer buffer) {
    byte[] bytes = buffer.readAll();
    buffer.release();
    return bytes;
  }

  private static byte[] seen(CompletionStage<IoBuffer> peek) {
    return bytes(Systems.get(peek));
  }

  private static int errno(CompletionStage<?> stage) {
    Throwable failure = Systems.get(stage.handle((value, thrown) -> thrown));
    return ((IoException) failure).errno();
  }

  /** What comes until so many bytes are there. */
  private CompletableFuture<byte[]> received(int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    CompletableFuture<byte[]> enough = new CompletableFuture<>();
    var unused =
        Subscriber.all(
            executor,
            stream.receive(),
            buffer -> {
              all.writeBytes(bytes(buffer));
              if (all.size() >= count) {
                enough.complete(all.toByteArray());
              }
            });
    return enough;
  }

  @Test
  void whatWasSeenIsReceived() throws IOException {
    CompletionStage<IoBuffer> early = stream.peek(2).toCompletionStage();
    peer.getOutputStream().write(HELLO);
    assertArrayEquals(new byte[] {'h', 'e'}, seen(early));
    assertArrayEquals(HELLO, seen(stream.peek(1 << 30).toCompletionStage()));
    assertArrayEquals(HELLO, Systems.get(received(HELLO.length)));
    assertAtRest();
  }

  @Test
  void aSubscriptionLeavesNothingToLookAt() throws IOException {
    CompletableFuture<byte[]> received = received(HELLO.length);
    Systems.awaitUntil(() -> stats().io().inFlight() > 0);
    CompletionStage<IoBuffer> peek = stream.peek(1).toCompletionStage();
    assertEquals(Errno.EBUSY, errno(peek));
    Throwable failure = Systems.get(peek.handle((value, thrown) -> thrown));
    assertTrue(failure.getMessage().contains("subscription"), failure.getMessage());
    peer.getOutputStream().write(HELLO);
    assertArrayEquals(HELLO, Systems.get(received));
    assertAtRest();
  }

  @Test
  void aSubscriptionThatBeginsDuringAPeekWaitsForIt() throws IOException {
    CompletionStage<IoBuffer> first = stream.peek(1).toCompletionStage();
    CompletionStage<IoBuffer> second = stream.peek(5).toCompletionStage();
    CompletableFuture<byte[]> received = received(HELLO.length);
    system.run(context -> "");
    assertFalse(received.isDone());
    peer.getOutputStream().write(HELLO);
    assertArrayEquals(new byte[] {'h'}, seen(first));
    assertArrayEquals(HELLO, seen(second));
    assertArrayEquals(HELLO, Systems.get(received));
    assertAtRest();
  }

  /** The subscription before may still be ending when the peek begins. */
  @Test
  void aPeekFollowsASubscription() throws IOException {
    for (int i = 0; i < 20; i++) {
      CompletableFuture<IoBuffer> one = Subscriber.first(executor, stream.receive());
      peer.getOutputStream().write('a');
      assertArrayEquals(new byte[] {'a'}, bytes(Systems.get(one)));
      peer.getOutputStream().write('b');
      assertArrayEquals(new byte[] {'b'}, seen(stream.peek(1).toCompletionStage()));
      CompletableFuture<IoBuffer> next = Subscriber.first(executor, stream.receive());
      assertArrayEquals(new byte[] {'b'}, bytes(Systems.get(next)));
    }
    assertAtRest();
  }

  @Test
  void aPeekThatTimesOutTakesNothing() throws IOException {
    IoOp<IoBuffer> peek = stream.peek(1).timeout(Duration.ofMillis(20));
    assertEquals(Errno.ETIMEDOUT, errno(peek.toCompletionStage()));
    peer.getOutputStream().write(HELLO);
    assertArrayEquals(HELLO, Systems.get(received(HELLO.length)));
    assertAtRest();
  }

  @Test
  void peeksInLineAreCancelledOneByOne() throws IOException {
    IoOp<IoBuffer> first = stream.peek(1);
    IoOp<IoBuffer> second = stream.peek(2);
    CompletionStage<IoBuffer> ofFirst = first.toCompletionStage();
    CompletionStage<IoBuffer> ofSecond = second.toCompletionStage();
    CompletionStage<IoBuffer> ofThird = stream.peek(3).toCompletionStage();
    second.cancel();
    assertEquals(Errno.ECANCELED, errno(ofSecond));
    first.cancel();
    assertEquals(Errno.ECANCELED, errno(ofFirst));
    peer.getOutputStream().write(HELLO);
    assertEquals('h', seen(ofThird)[0]);
    assertAtRest();
  }

  @Test
  void aCloseEndsAllPeeks() {
    CompletionStage<IoBuffer> first = stream.peek(1).toCompletionStage();
    CompletionStage<IoBuffer> second = stream.peek(1).toCompletionStage();
    Systems.get(stream.close().toCompletionStage());
    assertEquals(Errno.ECANCELED, errno(first));
    assertEquals(Errno.ECANCELED, errno(second));
    assertEquals(Errno.EBADF, errno(stream.peek(1).toCompletionStage()));
    assertAtRest();
  }

  @Test
  void theEndIsABufferWithoutBytes() throws IOException {
    peer.shutdownOutput();
    assertEquals(0, seen(stream.peek(1).toCompletionStage()).length);
    assertEquals("regular end", Systems.get(Subscriber.end(executor, stream.receive())));
    assertAtRest();
  }

  /** What nobody waits for any more is given back. */
  @Test
  void anActorThatStopsGivesItsPeekBack() throws IOException {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    ActorRef<Object> looker =
        executor.spawn(() -> new Looker(stream, begun), ActorOptions.defaults());
    Systems.get(begun);
    looker.tell("stop");
    peer.getOutputStream().write(HELLO);
    assertArrayEquals(HELLO, Systems.get(received(HELLO.length)));
    assertAtRest();
  }

  private record Looker(TcpStream stream, CompletableFuture<Void> begun) implements Actor<Object> {
    @Override
    public void preStart(ActorContext<Object> context) {
      context.pipe(stream.peek(1), (buffer, failure) -> "unexpected");
      begun.complete(null);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      context.stop();
    }
  }

  /** Who accepts looks who is there, and gives the connection to whom it is for. */
  @Test
  void aConnectionGoesOnWithWhatWasSeen() throws IOException {
    peer.getOutputStream().write(HELLO);
    assertArrayEquals(HELLO, seen(stream.peek(HELLO.length).toCompletionStage()));
    CompletableFuture<DetachedTcpStream> detached = new CompletableFuture<>();
    Systems.inTurn(executor, context -> detached.complete(stream.detach()));
    ActorExecutor other = system.executors().get(1);
    CompletableFuture<TcpStream> attached = new CompletableFuture<>();
    Systems.inTurn(other, context -> attached.complete(context.io().attach(Systems.get(detached))));
    stream = Systems.get(attached);
    assertArrayEquals(HELLO, bytes(Systems.get(Subscriber.first(other, stream.receive()))));
    assertAtRest();
  }

  @Test
  void aConnectionStaysWhileItIsLookedAt() {
    IoOp<IoBuffer> peek = stream.peek(1);
    CompletionStage<IoBuffer> seen = peek.toCompletionStage();
    Systems.inTurn(
        executor, context -> assertThrows(IllegalStateException.class, () -> stream.detach()));
    peek.cancel();
    assertEquals(Errno.ECANCELED, errno(seen));
    assertThrows(IllegalArgumentException.class, () -> stream.peek(0));
    assertAtRest();
  }
}
