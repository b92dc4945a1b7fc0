package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.io.TlsStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A system whose executor speaks TLS with itself and with others, as seen from a test's thread. */
final class TlsRig implements AutoCloseable {
  static final InetAddress HERE = InetAddress.getLoopbackAddress();

  /** Has the keys of two hosts. */
  static final SSLContext SERVER =
      TlsKeys.context(List.of(TlsKeys.A, TlsKeys.B), List.of(TlsKeys.CLIENT));

  /** Trusts the hosts and has no keys. */
  static final SSLContext CLIENT = TlsKeys.context(List.of(), List.of(TlsKeys.A, TlsKeys.B));

  final ActorSystem system;
  private final long descriptors;
  private final List<Begun<Void>> closing = new ArrayList<>();

  /** What the server's handshakes came to: {@link TlsStream} or {@link IoException}. */
  final LinkedBlockingQueue<Object> accepted = new LinkedBlockingQueue<>();

  TlsRig(String driver) throws IOException {
    this(driver, pool -> pool);
  }

  TlsRig(String driver, UnaryOperator<ExecutorPool> settings) throws IOException {
    // The JDK keeps one for itself, from the first socket on.
    new ServerSocket(0, 1, HERE).close();
    descriptors = Descriptors.sockets();
    system =
        ActorSystem.create(
            "test", settings.apply(Systems.pool(driver, 1).withReceiveBuffers(16, 4096)));
  }

  ActorExecutor executor() {
    return system.executors().get(0);
  }

  ExecutorStats stats() {
    return system.stats().executors().get(0);
  }

  /** All is closed, nothing is lent, and no failure was recorded. */
  void assertRest() {
    closing.forEach(Begun::value);
    Systems.awaitUntil(() -> stats().buffersLent() == 0 && stats().io().buffersLent() == 0);
    assertEquals(0, system.stats().failures());
  }

  @Override
  public void close() {
    system.close();
    Systems.awaitUntil(() -> Descriptors.sockets() <= descriptors);
  }

  static TlsOptions server() {
    return TlsOptions.server(SERVER);
  }

  static TlsOptions client() {
    return TlsOptions.client(CLIENT).withPeer("a.example", 443);
  }

  /** Listens, and hands connections to {@link #accepted}. */
  int serve(TlsOptions options) {
    return serve((stream, context) -> context.io().tls(stream, options), accepted::add);
  }

  int serve(
      BiFunction<TcpStream, ActorContext<TcpStream>, IoOp<TlsStream>> handshake,
      Consumer<Object> taker) {
    return Systems.listen(
            executor(),
            (stream, context) -> {
              var unused =
                  handshake
                      .apply(stream, context)
                      .toCompletionStage()
                      .whenComplete(
                          (secured, failure) ->
                              taker.accept(
                                  failure == null ? secured : StageOutcome.unwrap(failure)));
            })
        .getPort();
  }

  /** Listens, and sends back what comes. */
  int serveEcho(TlsOptions options, int window) {
    return serve(
        (stream, context) -> context.io().tls(stream, options),
        outcome -> {
          if (outcome instanceof TlsStream secured) {
            system.spawn(() -> new TlsEcho(secured, window), ActorOptions.defaults());
          } else {
            accepted.add(outcome);
          }
        });
  }

  TlsStream acceptedStream() throws InterruptedException {
    return assertInstanceOf(
        TlsStream.class, accepted.poll(Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  IoException acceptFailure() throws InterruptedException {
    return assertInstanceOf(
        IoException.class, accepted.poll(Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  /** Begins an operation in a turn. */
  <T> Begun<T> begin(Function<Io, IoOp<T>> operation) {
    CompletableFuture<Begun<T>> begun = new CompletableFuture<>();
    Systems.inTurn(
        executor(),
        context -> {
          IoOp<T> op = operation.apply(context.io());
          begun.complete(new Begun<>(op, op.toCompletionStage().toCompletableFuture()));
        });
    return Systems.get(begun);
  }

  record Begun<T>(IoOp<T> op, CompletableFuture<T> outcome) {
    T value() {
      return Systems.get(outcome);
    }

    IoException failure() {
      return assertInstanceOf(
          IoException.class,
          StageOutcome.unwrap(Systems.get(outcome.handle((value, thrown) -> thrown))));
    }
  }

  TcpStream tcp(int port) {
    return Systems.value(executor(), io -> io.connect(new InetSocketAddress(HERE, port)));
  }

  Begun<TlsStream> handshake(int port, TlsOptions options) {
    TcpStream tcp = tcp(port);
    return begin(io -> io.tls(tcp, options));
  }

  TlsStream connect(int port, TlsOptions options) {
    return handshake(port, options).value();
  }

  /** Begins TLS at both ends of a Unix connection. */
  Unix secure(Path socket, TlsOptions client, TlsOptions server) {
    UnixPair pair = UnixPair.open(executor(), socket);
    Begun<TlsStream> accept = begin(io -> io.tls(pair.far(), server));
    return new Unix(begin(io -> io.tls(pair.near(), client)), accept);
  }

  /** The handshakes of both ends. */
  record Unix(Begun<TlsStream> connect, Begun<TlsStream> accept) {
    TlsStream client() {
      return connect.value();
    }

    TlsStream server() {
      return accept.value();
    }
  }

  void send(TcpStream stream, byte[] bytes) {
    Systems.value(executor(), io -> stream.send(io.buffer(Math.max(1, bytes.length)).write(bytes)));
  }

  /** Begins to close; a regular end comes when the other side has closed too. */
  void close(TcpStream stream) {
    closing.add(begin(io -> stream.close()));
  }

  /** Reads a stream from now on. */
  Collector collect(TcpStream stream, int window) {
    Collector collector = new Collector(stream, window);
    system.spawn(() -> collector, ActorOptions.defaults());
    return collector;
  }

  /** Keeps what comes, until the end. */
  static final class Collector implements Actor<Object> {
    private static final String END = "end";
    private final TcpStream stream;
    private final int window;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable IoSubscription input;

    /** All that came, when it has ended regularly. */
    final CompletableFuture<byte[]> all = new CompletableFuture<>();

    private volatile int count;

    Collector(TcpStream stream, int window) {
      this.stream = stream;
      this.window = window;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      input =
          context.subscribe(
              stream.receive(), piece -> piece, failure -> failure == null ? END : failure, window);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof IoBuffer piece) {
        bytes.writeBytes(piece.readAll());
        piece.release();
        count = bytes.size();
        input.request(1);
      } else if (message instanceof IoException failure) {
        all.completeExceptionally(failure);
        context.stop();
      } else {
        all.complete(bytes.toByteArray());
        context.stop();
      }
    }

    TcpStream stream() {
      return stream;
    }

    void awaitBytes(int wanted) {
      Systems.awaitUntil(() -> count >= wanted);
    }

    byte[] regularEnd() {
      return Systems.get(all);
    }

    IoException failure() {
      return assertInstanceOf(
          IoException.class, Systems.get(all.handle((value, thrown) -> thrown)));
    }
  }
}
