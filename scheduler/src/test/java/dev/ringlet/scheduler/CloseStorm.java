package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.Datagram;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.StreamOutput;
import dev.ringlet.io.StreamSocket;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.UdpOptions;
import dev.ringlet.io.UdpSocket;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixListener;
import dev.ringlet.spi.Errno;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Closes what operations are in flight on, many at a time: in the turn in which these start, in a
 * later turn, or when the first of them has ended. Every operation has to end, with its value or
 * with one of the errors that a close may give; that it ends once is checked where completions
 * arrive, for each of them, and would end the executor.
 */
final class CloseStorm implements AutoCloseable {
  private static final int[] CLOSED = {Errno.ECANCELED, Errno.EBADF};
  private static final int[] CUT_OFF = {
    Errno.ECANCELED, Errno.EBADF, Errno.EPIPE, Errno.ECONNRESET, Errno.ECONNREFUSED, Errno.ENOTCONN
  };

  final ActorSystem system;
  final ActorExecutor executor;
  final Io io;
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

  /** What an operation has come to; completes with text if that is not what it may come to. */
  private record Outcome(String operation, CompletableFuture<String> verdict) {
    void check() {
      assertEquals(
          "",
          verdict
              .completeOnTimeout(
                  operation + " has not ended", Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .join());
    }
  }

  CloseStorm(ExecutorPool pool) {
    system = ActorSystem.create("test", pool);
    executor = system.executors().get(0);
    CompletableFuture<Io> given = new CompletableFuture<>();
    Systems.inTurn(executor, context -> given.complete(context.io()));
    io = Systems.get(given);
  }

  static int descriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  // ---- what is closed

  /** Files with reads, writes and syncs in flight; what was written is there. */
  void files(Path folder, int rounds, int perRound) throws IOException {
    for (int round = 0; round < rounds; round++) {
      byte[] pattern = new byte[5000];
      Arrays.fill(pattern, (byte) (round + 1));
      List<AsyncFile> files =
          all(
              perRound,
              i ->
                  io.open(
                      folder.resolve("file" + i),
                      StandardOpenOption.CREATE,
                      StandardOpenOption.READ,
                      StandardOpenOption.WRITE));
      boolean syncs = round % 10 == 0;
      strike(
          round,
          () -> files.forEach(file -> beginOn(file, pattern, syncs)),
          () -> files.forEach(file -> start(file.close())));
      for (AsyncFile file : files) {
        byte[] content = Files.readAllBytes(file.path());
        assertArrayEquals(pattern, Arrays.copyOfRange(content, 100, 5100));
        assertArrayEquals(pattern, Arrays.copyOfRange(content, 8000, 13_000));
      }
    }
  }

  /** The close waits for writes and syncs, and for nothing else. */
  private void beginOn(AsyncFile file, byte[] pattern, boolean syncs) {
    start(file.read(0, 8192), CLOSED);
    start(file.write(100, buffer(pattern)));
    start(file.read(4000, List.of(io.buffer(100), io.buffer(3000))), CLOSED);
    start(file.write(8000, List.of(buffer(pattern).setIndex(0, 1000), buffer(pattern).skip(1000))));
    start(file.size(), CLOSED);
    if (syncs) {
      start(file.dataSync());
    }
  }

  /** Connections with receives and sends in flight; nobody reads what some of them send. */
  void connections(int rounds, int perRound) {
    TcpListener listener = get(io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
    connections(
        listener.connections(),
        () -> io.connect(listener.localAddress()),
        listener::close,
        rounds,
        perRound);
  }

  /** The same in the Unix domain. */
  void unixConnections(Path folder, int rounds, int perRound) throws IOException {
    Path path = folder.resolve("socket");
    UnixAddress address = UnixAddress.of(path);
    UnixListener listener = get(io.listen(address, ListenOptions.defaults()));
    connections(
        listener.connections(),
        () -> io.connect(address, SocketOptions.defaults()),
        listener::close,
        rounds,
        perRound);
    Files.delete(path);
  }

  private <T extends StreamSocket> void connections(
      IoStream<T> source,
      Supplier<IoOp<T>> connect,
      Supplier<IoOp<Void>> close,
      int rounds,
      int perRound) {
    Queue<T> accepted = new ConcurrentLinkedQueue<>();
    CompletableFuture<Object> end = Subscriber.all(executor, source, accepted::add);
    for (int round = 0; round < rounds; round++) {
      List<T> streams = all(perRound, i -> connect.get());
      Systems.awaitUntil(() -> accepted.size() == perRound);
      streams.addAll(accepted);
      accepted.clear();
      strike(round, () -> converse(streams), () -> hangUp(streams));
    }
    get(close.get());
    assertEquals("regular end", Systems.get(end));
  }

  private void converse(List<? extends StreamSocket> streams) {
    for (int i = 0; i < streams.size(); i++) {
      StreamSocket stream = streams.get(i);
      if (i % 4 != 3) {
        end(stream.receive(), Subscriber.end(executor, stream.receive()), CUT_OFF);
      }
      sendMuch(stream);
      if (i % 3 == 0) {
        start(stream.shutdownOutput(), CUT_OFF);
      }
    }
  }

  private void sendMuch(StreamOutput output) {
    start(output.send(buffer(new byte[1000])), CUT_OFF);
    start(output.send(List.of(buffer(new byte[300_000]), buffer(new byte[10]))), CUT_OFF);
  }

  private void hangUp(List<? extends StreamSocket> streams) {
    for (int i = 0; i < streams.size(); i++) {
      StreamSocket stream = streams.get(i);
      boolean aborts = i % 5 == 0 && stream instanceof TcpStream;
      start(aborts ? ((TcpStream) stream).abort() : stream.close());
    }
  }

  /** Pipes to files, to subscribers and to nobody, and what is sent through them. */
  void pipes(Path folder, int rounds, int perRound) {
    AsyncFile file =
        get(
            io.open(
                folder.resolve("piped"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    for (int round = 0; round < rounds; round++) {
      List<IoPipe> pipes = all(perRound, i -> io.pipe());
      strike(
          round,
          () -> IntStream.range(0, perRound).forEach(i -> beginOn(pipes.get(i), file, i)),
          () -> IntStream.range(0, perRound).forEach(i -> closeEnds(pipes.get(i), i % 2 == 0)));
    }
    get(file.close());
  }

  private void beginOn(IoPipe pipe, AsyncFile file, int index) {
    if (index % 3 == 0) {
      start(pipe.input().receiveTo(file, 0, 100_000), CUT_OFF);
    } else if (index % 3 == 1) {
      end(pipe.input().receive(), Subscriber.end(executor, pipe.input().receive()), CUT_OFF);
    }
    sendMuch(pipe.output());
    start(pipe.output().sendFile(file, 0, 5000), CUT_OFF);
  }

  private void closeEnds(IoPipe pipe, boolean inputFirst) {
    if (inputFirst) {
      start(pipe.input().close());
    }
    start(pipe.output().close());
    if (!inputFirst) {
      start(pipe.input().close());
    }
  }

  /** Listeners with accepts in flight, to some of which somebody connects. */
  void listeners(int rounds, int perRound) {
    for (int round = 0; round < rounds; round++) {
      List<TcpListener> listeners =
          all(perRound, i -> io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
      strike(
          round,
          () -> IntStream.range(0, perRound).forEach(i -> beginOn(listeners.get(i), i % 2 == 0)),
          () -> listeners.forEach(listener -> start(listener.close())));
    }
  }

  private void beginOn(TcpListener listener, boolean connects) {
    CompletableFuture<Object> end =
        Subscriber.all(executor, listener.connections(), stream -> start(stream.close()));
    end(listener.connections(), end, CLOSED);
    if (connects) {
      start(io.connect(listener.localAddress()), CUT_OFF);
    }
  }

  /** Connects that nobody answers. */
  void connects(InetSocketAddress full, int rounds, int perRound) {
    for (int round = 0; round < rounds; round++) {
      List<IoOp<TcpStream>> connects = new ArrayList<>();
      for (int i = 0; i < perRound; i++) {
        connects.add(io.connect(full));
      }
      int moment = round % 2;
      strike(
          moment,
          () -> connects.forEach(connect -> start(connect, Errno.ECANCELED)),
          () -> connects.forEach(IoOp::cancel));
    }
  }

  /** UDP sockets that wait for datagrams, and get some. */
  void datagrams(int rounds, int perRound) {
    for (int round = 0; round < rounds; round++) {
      List<UdpSocket> sockets =
          all(perRound, i -> io.bind(Systems.ANY_PORT, UdpOptions.defaults()));
      strike(
          round,
          () -> sockets.forEach(this::beginOn),
          () -> sockets.forEach(socket -> start(socket.close())));
    }
  }

  private void beginOn(UdpSocket socket) {
    end(socket.receive(), Subscriber.all(executor, socket.receive(), Datagram::release), CLOSED);
    for (int i = 0; i < 3; i++) {
      start(socket.send(buffer(new byte[100]), socket.localAddress()), CLOSED);
    }
  }

  // ---- how

  /** Makes many of something, in one turn. */
  <T> List<T> all(int count, Function<Integer, IoOp<T>> maker) {
    List<CompletableFuture<T>> made = new ArrayList<>();
    Systems.inTurn(
        executor,
        context ->
            IntStream.range(0, count)
                .forEach(i -> made.add(maker.apply(i).toCompletionStage().toCompletableFuture())));
    List<T> values = new ArrayList<>();
    made.forEach(stage -> values.add(Systems.get(stage)));
    return values;
  }

  <T> T get(IoOp<T> op) {
    return Systems.get(op.toCompletionStage());
  }

  private void strike(int round, Runnable begin, Runnable close) {
    if (round % 3 == 0) {
      inTurn(
          () -> {
            begin.run();
            close.run();
          });
    } else {
      inTurn(begin);
      if (round % 3 == 2) {
        awaitFirst();
      }
      inTurn(close);
    }
    settle();
  }

  void inTurn(Runnable code) {
    Systems.inTurn(executor, context -> code.run());
  }

  private void awaitFirst() {
    CompletableFuture.anyOf(
            outcomes.stream().map(Outcome::verdict).toArray(CompletableFuture<?>[]::new))
        .orTimeout(Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /** In a turn. */
  IoBuffer buffer(byte[] bytes) {
    return io.buffer(bytes.length).write(bytes);
  }

  /** Starts an operation that may fail with some errors; its value is given back. */
  <T> void start(IoOp<T> op, int... errors) {
    CompletableFuture<T> stage = op.toCompletionStage().toCompletableFuture();
    CompletableFuture<String> verdict =
        stage.handle(
            (value, failure) -> {
              giveBack(value);
              return verdict(op, failure, errors);
            });
    outcomes.add(new Outcome(op.toString(), verdict));
  }

  /** The end of a stream. */
  private void end(Object stream, CompletableFuture<Object> end, int... errors) {
    CompletableFuture<String> verdict =
        end.thenApply(how -> verdict(stream, how instanceof Throwable t ? t : null, errors));
    outcomes.add(new Outcome(stream.toString(), verdict));
  }

  private static String verdict(Object op, @Nullable Throwable failure, int... errors) {
    boolean expected =
        failure == null
            || (failure instanceof IoException io
                && Arrays.stream(errors).anyMatch(errno -> errno == io.errno()));
    return expected ? "" : op + ": " + failure;
  }

  private void giveBack(@Nullable Object value) {
    if (value instanceof IoBuffer buffer) {
      buffer.release();
    } else if (value instanceof List<?> values) {
      values.forEach(this::giveBack);
    } else if (value instanceof TcpStream stream) {
      start(stream.close(), CLOSED);
    } else if (value instanceof AsyncFile file) {
      start(file.close(), CLOSED);
    }
  }

  /** Waits for the end of all that was started. */
  void settle() {
    for (var outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
      outcome.check();
    }
  }

  ExecutorStats stats() {
    return executor.stats();
  }

  /** Checks that nothing is in flight, lent or waited for. */
  void assertRest() {
    settle();
    Systems.awaitUntil(
        () ->
            stats().buffersLent() == 0
                && stats().io().buffersLent() == 0
                && stats().io().inFlight() == 0
                && stats().diskInFlight() == 0);
    assertEquals(stats().io().submitted(), stats().io().completed());
    assertEquals(0, stats().io().staleCompletions());
    assertEquals(0, system.stats().failures());
  }

  @Override
  public void close() {
    system.close();
  }
}
