package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sockets as users see them: order, demand, ends and failures. */
@OnBothDrivers
final class SocketsTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final String driver;
  private ActorSystem system;

  SocketsTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = ActorSystem.create("test", Systems.pool(driver, 1).withReceiveBuffers(16, 4096));
  }

  @AfterEach
  void close() {
    system.close();
  }

  private ExecutorStats stats() {
    return system.stats().executors().get(0);
  }

  private int serve(Handler handler) {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    system.spawn(() -> new Server(handler, port), ActorOptions.named("server"));
    return Systems.get(port);
  }

  private interface Handler {
    Actor<Object> connection(TcpStream stream);
  }

  private static final class Server implements Actor<Object> {
    private final Handler handler;
    private final CompletableFuture<Integer> port;

    Server(Handler handler, CompletableFuture<Integer> port) {
      this.handler = handler;
      this.port = port;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      context.pipe(
          context.io().listen(ANY_PORT, ListenOptions.defaults()),
          (listener, failure) -> failure == null ? listener : failure);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof TcpListener listener) {
        context.subscribe(listener.connections(), stream -> stream, Long.MAX_VALUE);
        port.complete(listener.localAddress().getPort());
      } else if (message instanceof TcpStream stream) {
        context.spawn(() -> handler.connection(stream), ActorOptions.defaults());
      } else {
        port.completeExceptionally((Throwable) message);
      }
    }
  }

  /** Sends back what comes, a window of pieces at a time. */
  private static final class Echo implements Actor<Object> {
    private static final String END = "end";
    private static final String SENT = "sent";
    private final TcpStream stream;
    private final int window;
    private @Nullable IoSubscription input;
    private int sending;
    private boolean ended;

    Echo(TcpStream stream, int window) {
      this.stream = stream;
      this.window = window;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      input = context.subscribe(stream.receive(), piece -> piece, failure -> END, window);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof IoBuffer piece) {
        sending++;
        context.pipe(stream.send(piece), (count, failure) -> failure == null ? SENT : failure);
      } else if (message == SENT) {
        sending--;
        if (!ended) {
          input.request(1);
        }
      } else {
        ended = true;
      }
      // What is in flight when an actor stops is cancelled.
      if (ended && sending == 0) {
        context.stop();
      }
    }

    @Override
    public void postStop(ActorContext<Object> context) {
      stream.close().toCompletionStage();
    }
  }

  private static byte[] exchange(int port, byte[] data) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  OutputStream out = socket.getOutputStream();
                  out.write(data);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      writer.start();
      byte[] back = socket.getInputStream().readNBytes(data.length);
      writer.join();
      return back;
    }
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  private void assertEcho(int window) throws Exception {
    int port = serve(stream -> new Echo(stream, window));
    for (int length : new int[] {1, 4096, 1_000_000}) {
      byte[] data = random(length);
      assertTrue(Arrays.equals(data, exchange(port, data)), "length " + length);
    }
    Systems.awaitUntil(() -> stats().actors() == 1);
    Systems.awaitUntil(() -> stats().buffersLent() == 0 && stats().io().buffersLent() == 0);
  }

  @Test
  void echoWithSingleShots() throws Exception {
    assertEcho(1);
  }

  /** With demand between zero and the window, multishot requests are paused again and again. */
  @Test
  void echoWithPausedMultishots() throws Exception {
    assertEcho(3);
  }

  @Test
  void echoWithMoreDemandThanBuffers() throws Exception {
    assertEcho(1000);
  }

  /** Who reads nothing keeps none of the buffers that all connections need. */
  @Test
  void aReaderWithoutDemandStarvesNobody() throws Exception {
    int port =
        serve(
            stream ->
                new Actor<>() {
                  private int pieces;

                  @Override
                  public void preStart(ActorContext<Object> context) {
                    context.subscribe(stream.receive(), piece -> piece, failure -> "end", 2);
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    if (message instanceof IoBuffer piece) {
                      piece.release();
                      if (++pieces == 2) {
                        context.log().log(System.Logger.Level.DEBUG, "reads no more");
                      }
                    }
                  }

                  @Override
                  public void postStop(ActorContext<Object> context) {
                    stream.close().toCompletionStage();
                  }
                });
    Socket[] sockets = new Socket[40];
    for (int i = 0; i < sockets.length; i++) {
      sockets[i] = new Socket(InetAddress.getLoopbackAddress(), port);
      sockets[i].setTcpNoDelay(true);
      for (int piece = 0; piece < 10; piece++) {
        sockets[i].getOutputStream().write(new byte[100]);
      }
    }
    Systems.awaitUntil(() -> stats().io().buffersLent() == 0);
    try (ServerSocket echo = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // The executor still has receive buffers for others.
      CompletableFuture<Integer> received = new CompletableFuture<>();
      system.spawn(() -> new Client(echo.getLocalPort(), received), ActorOptions.named("client"));
      try (Socket accepted = echo.accept()) {
        accepted.getOutputStream().write(new byte[7]);
        assertEquals(7, Systems.get(received).intValue());
      }
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static final class Client implements Actor<Object> {
    private final int port;
    private final CompletableFuture<Integer> received;

    Client(int port, CompletableFuture<Integer> received) {
      this.port = port;
      this.received = received;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      context.await(
          context.io().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
          (stream, failure) -> {
            if (stream == null) {
              received.completeExceptionally(failure);
            } else {
              context.subscribe(stream.receive(), piece -> piece, 1);
            }
          });
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      IoBuffer piece = (IoBuffer) message;
      received.complete(piece.readableBytes());
      piece.release();
      context.stop();
    }
  }

  @Test
  void aRefusedConnectionNamesTheAddress() throws IOException {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    CompletableFuture<Integer> outcome = new CompletableFuture<>();
    system.spawn(() -> new Client(unused, outcome), ActorOptions.defaults());
    Throwable failure = Systems.get(outcome.handle((port, thrown) -> thrown));
    IoException refused = (IoException) failure;
    assertEquals(Errno.ECONNREFUSED, refused.errno());
    assertTrue(refused.getMessage().contains(String.valueOf(unused)), refused.getMessage());
  }

  @Test
  void aResetEndsTheStreamWithAFailure() throws Exception {
    CompletableFuture<Object> end = new CompletableFuture<>();
    int port =
        serve(
            stream ->
                new Actor<>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    context.subscribe(
                        stream.receive(),
                        piece -> piece,
                        failure -> failure == null ? "regular end" : failure,
                        Long.MAX_VALUE);
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    if (message instanceof IoBuffer piece) {
                      piece.release();
                    } else {
                      end.complete(message);
                    }
                  }
                });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(1);
      socket.setSoLinger(true, 0);
    }
    IoException failure = (IoException) Systems.get(end);
    assertEquals(Errno.ECONNRESET, failure.errno());
  }

  /** The actor that owns a subscription dies with elements in its mailbox. */
  @Test
  void whatADeadActorHadSubscribedIsGivenBack() throws Exception {
    int port =
        serve(
            stream ->
                new Actor<>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    context.subscribe(stream.receive(), piece -> piece, Long.MAX_VALUE);
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    ((IoBuffer) message).release();
                    throw new IllegalStateException("dies of the first piece");
                  }

                  @Override
                  public void postStop(ActorContext<Object> context) {
                    stream.close().toCompletionStage();
                  }
                });
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        OutputStream out = socket.getOutputStream();
        try {
          for (int piece = 0; piece < 100; piece++) {
            out.write(new byte[1000]);
          }
          InputStream in = socket.getInputStream();
          assertTrue(in.read() < 0);
        } catch (IOException reset) {
          // As expected where data was still on its way when the other side closed.
        }
      }
    }
    Systems.awaitUntil(() -> stats().actors() == 1);
    Systems.awaitUntil(() -> stats().buffersLent() == 0 && stats().io().buffersLent() == 0);
  }

  @Test
  void aStreamHasOneSubscriptionAtATime() throws Exception {
    CompletableFuture<IllegalStateException> refused = new CompletableFuture<>();
    int port =
        serve(
            stream ->
                new Actor<>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    var first = context.subscribe(stream.receive(), piece -> piece, 0);
                    refused.complete(
                        assertThrows(
                            IllegalStateException.class,
                            () -> context.subscribe(stream.receive(), piece -> piece, 0)));
                    assertThrows(IllegalArgumentException.class, () -> first.request(0));
                    first.cancel();
                    context.subscribe(stream.receive(), piece -> piece, 0);
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {}
                });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertTrue(socket.isConnected());
      assertTrue(Systems.get(refused).getMessage().contains("cancel it first"));
    }
    assertEquals(0, system.stats().failures());
  }

  @Test
  void closeEndsASubscriptionThatHasAskedForNothing() throws Exception {
    CompletableFuture<Object> end = new CompletableFuture<>();
    int port =
        serve(
            stream ->
                new Actor<>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    context.subscribe(
                        stream.receive(),
                        piece -> piece,
                        failure -> failure == null ? "regular end" : failure,
                        0);
                    stream.close().toCompletionStage();
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    end.complete(message);
                  }
                });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertEquals("regular end", Systems.get(end));
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  /** Thousands of sends wait when the peer resets: all fail, none of them on another's stack. */
  @Test
  void aQueueOfSendsEndsWithItsSocket() throws Exception {
    int count = 20_000;
    CompletableFuture<Integer> outcome = new CompletableFuture<>();
    int port =
        serve(
            stream ->
                new Actor<>() {
                  private int ended;

                  @Override
                  public void preStart(ActorContext<Object> context) {
                    for (int i = 0; i < count; i++) {
                      // In all below the limit of what may wait.
                      IoBuffer buffer = context.io().buffer(800);
                      buffer.setIndex(0, 800);
                      context.pipe(
                          stream.send(buffer),
                          (sent, failure) -> failure == null ? "sent" : "failed");
                    }
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    if (++ended == count) {
                      outcome.complete(ended);
                      stream.close().toCompletionStage();
                    }
                  }
                });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertTrue(socket.getInputStream().read() >= 0);
      socket.setSoLinger(true, 0);
    }
    assertEquals(count, Systems.get(outcome).intValue());
    Systems.awaitUntil(() -> stats().buffersLent() == 0);
    assertEquals(0, system.stats().failures());
  }

  @Test
  void anEmptySendIsSentAndACancelledOneGivesItsBufferBack() throws Exception {
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    int port =
        serve(
            stream ->
                new Actor<>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    stream.send(context.io().buffer(10).write(new byte[5])).cancel();
                    context.pipe(
                        stream.send(context.io().buffer(10)),
                        (sent, failure) -> failure == null ? sent : failure);
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    outcome.complete(message);
                  }
                });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertTrue(socket.isConnected());
      assertEquals(0, Systems.get(outcome));
      Systems.awaitUntil(() -> stats().buffersLent() == 0);
    }
  }

  /** Far more than a socket holds: the kernel takes it piece by piece. */
  @Test
  void aSendThatIsTakenInPiecesArrivesWhole() throws Exception {
    byte[] data = random(16 << 20);
    CompletableFuture<Object> sent = new CompletableFuture<>();
    int port =
        serve(
            stream ->
                new Actor<>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    context.pipe(
                        stream.send(context.io().buffer(data.length).write(data)),
                        (count, failure) -> failure == null ? count : failure);
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    sent.complete(message);
                  }
                });
    long before = stats().io().submitted();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertTrue(Arrays.equals(data, socket.getInputStream().readNBytes(data.length)));
    }
    assertEquals(data.length, Systems.get(sent));
    assertTrue(stats().io().submitted() - before >= 2, "it was sent in one piece");
  }

  @Test
  void sendsKeepTheOrderOfTheCalls() throws Exception {
    int count = 2000;
    int port =
        serve(
            stream ->
                new Actor<>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    for (int i = 0; i < count; i++) {
                      IoBuffer buffer = context.io().buffer(1000);
                      for (int b = 0; b < 1000; b++) {
                        buffer.write(new byte[] {(byte) i});
                      }
                      stream.send(buffer).toCompletionStage();
                    }
                    stream.shutdownOutput().toCompletionStage();
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {}
                });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      byte[] all = socket.getInputStream().readAllBytes();
      assertEquals(count * 1000, all.length);
      for (int i = 0; i < all.length; i++) {
        if (all[i] != (byte) (i / 1000)) {
          throw new AssertionError("byte " + i + " is " + all[i]);
        }
      }
    }
  }

  @Test
  void anActorCanBeAskedThroughItsSelfWhileItServes() throws Exception {
    int port = serve(stream -> new Echo(stream, 4));
    ActorRef<Integer> plain = system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    for (int i = 0; i < 10_000; i++) {
      plain.tell(i);
    }
    byte[] data = random(10_000);
    assertTrue(Arrays.equals(data, exchange(port, data)));
  }
}
