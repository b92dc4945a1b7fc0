package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.StreamInput;
import dev.ringlet.io.StreamOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard input, output and error, in a process of their own. */
@OnBothDrivers
final class StandardStreamsTest {
  private final String driver;

  @TempDir Path folder;

  StandardStreamsTest(String driver) {
    this.driver = driver;
  }

  private ProcessBuilder program(Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), program.getName(), driver));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  private static void assertExit(Process process, String errors) throws InterruptedException {
    assertTrue(process.waitFor(Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS), "still running");
    assertEquals(0, process.exitValue(), errors);
  }

  @Test
  void copiesBetweenPipesAndLeavesThemAsTheyWere() throws Exception {
    byte[] content = random(1_500_000);
    Process process = program(Copy.class).start();
    try {
      CompletableFuture<Void> written =
          CompletableFuture.runAsync(
              () -> {
                try (OutputStream input = process.getOutputStream()) {
                  input.write(content);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      byte[] output = process.getInputStream().readNBytes(content.length);
      String rest = new String(process.getInputStream().readAllBytes(), UTF_8);
      String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
      assertExit(process, errors);
      Systems.get(written);
      assertArrayEquals(content, output);
      assertEquals("still open, and blocking", rest.strip());
      assertTrue(errors.contains("copied " + content.length), errors);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void copiesBetweenFiles() throws Exception {
    byte[] content = random(300_000);
    Path source = Files.write(folder.resolve("source"), content);
    Path extra = Files.write(folder.resolve("extra"), random(100_000));
    Path target = Files.writeString(folder.resolve("target"), "before");
    Path errors = folder.resolve("errors");
    Process process =
        program(Copy.class, extra.toString())
            .redirectInput(source.toFile())
            .redirectOutput(Redirect.appendTo(target.toFile()))
            .redirectError(errors.toFile())
            .start();
    try {
      assertTrue(process.waitFor(Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS), "running");
      assertEquals(0, process.exitValue(), () -> read(errors));
      byte[] written = Files.readAllBytes(target);
      String before = new String(written, 0, 6, UTF_8);
      assertEquals("before", before);
      assertArrayEquals(content, Arrays.copyOfRange(written, 6, 300_006));
      assertArrayEquals(random(100_000), Arrays.copyOfRange(written, 300_006, 400_006));
      assertTrue(read(errors).contains("copied 300000"), () -> read(errors));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path, UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theCloseOfTheSystemDoesNotWaitForInput() throws Exception {
    Path errors = folder.resolve("errors");
    Process process =
        program(Waits.class)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    try {
      assertTrue(process.waitFor(Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS), "it waits");
      assertEquals(0, process.exitValue(), () -> read(errors));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aCancelledSendIsWrittenOnlyIfItSucceeds() throws Exception {
    Process process = program(CancelsSend.class).start();
    try {
      BufferedReader errors = process.errorReader(UTF_8);
      awaitLine(errors, "cancelled");
      assertEquals(CancelsSend.ROOM, process.getInputStream().readNBytes(CancelsSend.ROOM).length);
      String written = new String(process.getInputStream().readAllBytes(), UTF_8);
      String outcome = errors.readLine();
      assertEquals(outcome.equals("done") ? "cancelled?behind" : "behind", written, outcome);
      assertExit(process, outcome);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whatHasComeForACancelledReadIsTheNextOnes() throws Exception {
    Process process = program(CancelsRead.class).redirectOutput(Redirect.DISCARD).start();
    try {
      BufferedReader errors = process.errorReader(UTF_8);
      awaitLine(errors, "reads");
      process.getOutputStream().write("one".getBytes(UTF_8));
      process.getOutputStream().flush();
      awaitLine(errors, "next: one");
      assertExit(process, "next: one");
    } finally {
      process.destroyForcibly();
    }
  }

  private static void awaitLine(BufferedReader reader, String expected) throws IOException {
    for (String line = reader.readLine(); ; line = reader.readLine()) {
      assertNotNull(line, "ended without " + expected);
      if (line.equals(expected)) {
        return;
      }
    }
  }

  private static ActorSystem open(String driver) {
    return ActorSystem.create("child", Systems.pool(driver, 1));
  }

  /** Copies its standard input to its standard output, and then a file if there is one. */
  static final class Copy implements Actor<Object> {
    private final StreamInput input;
    private final StreamOutput output;
    private final CompletableFuture<Long> copied;
    private @Nullable IoSubscription subscription;
    private long count;

    Copy(StreamInput input, StreamOutput output, CompletableFuture<Long> copied) {
      this.input = input;
      this.output = output;
      this.copied = copied;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      subscription =
          context.subscribe(
              input.receive(), piece -> piece, failure -> failure == null ? "end" : failure, 2);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof IoBuffer piece) {
        context.pipe(output.send(piece), (sent, failure) -> failure == null ? sent : failure);
      } else if (message instanceof Integer sent) {
        count += sent;
        subscription.request(1);
      } else if (message instanceof IoException failure) {
        copied.completeExceptionally(failure);
      } else if (message instanceof Long) {
        copied.complete(count);
      } else { // the end: what is sent now comes after all the rest
        context.pipe(output.send(List.of()), (sent, failure) -> failure == null ? sent : failure);
      }
    }

    @SuppressWarnings("SystemOut") // the other process reads it
    public static void main(String[] args) throws IOException {
      try (ActorSystem system = open(args[0])) {
        ActorExecutor executor = system.executors().get(0);
        StreamInput input = Systems.value(executor, io -> io.stdin());
        StreamOutput output = Systems.value(executor, io -> io.stdout());
        StreamOutput errors = Systems.value(executor, io -> io.stderr());
        CompletableFuture<Long> copied = new CompletableFuture<>();
        executor.spawn(() -> new Copy(input, output, copied), ActorOptions.defaults());
        long count = Systems.get(copied);
        if (args.length > 1) {
          AsyncFile extra = Systems.value(executor, io -> io.open(Path.of(args[1])));
          Systems.value(executor, io -> output.sendFile(extra, 0, Long.MAX_VALUE));
          Systems.value(executor, io -> extra.close());
        }
        byte[] told = ("copied " + count + "\n").getBytes(UTF_8);
        Systems.value(executor, io -> errors.send(io.buffer(told.length).write(told)));
        Systems.value(executor, io -> output.shutdownOutput());
        Systems.value(executor, io -> output.close());
        Systems.value(executor, io -> errors.close());
        Systems.value(executor, io -> input.close());
      }
      System.out.println(isBlocking(0) && isBlocking(1) ? "still open, and blocking" : "changed");
    }

    /** O_NONBLOCK is 04000. */
    private static boolean isBlocking(int descriptor) throws IOException {
      String flags =
          Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
              .filter(line -> line.startsWith("flags:"))
              .findFirst()
              .orElseThrow();
      return (Long.parseLong(flags.substring(6).strip(), 8) & 04000) == 0;
    }
  }

  /** Whether the thread of a stream of the NIO driver is, or is not, with the kernel. */
  private static boolean isThreadIn(String name, String method) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals(name))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .anyMatch(frame -> frame.getMethodName().equals(method));
  }

  /** Cancels a send that has no room, and sends on. */
  static final class CancelsSend {
    /** What a pipe holds. */
    static final int ROOM = 64 * 1024;

    private CancelsSend() {}

    @SuppressWarnings("SystemOut") // the other process reads it
    public static void main(String[] args) {
      try (ActorSystem system = open(args[0])) {
        ActorExecutor executor = system.executors().get(0);
        StreamOutput output = Systems.value(executor, io -> io.stdout());
        Systems.value(executor, io -> output.send(io.buffer(ROOM).write(new byte[ROOM])));
        CompletableFuture<IoOp<Integer>> begun = new CompletableFuture<>();
        CompletableFuture<CompletionStage<Integer>> stage = new CompletableFuture<>();
        Systems.inTurn(
            executor,
            context -> {
              byte[] text = "cancelled?".getBytes(UTF_8);
              begun.complete(output.send(context.io().buffer(text.length).write(text)));
              stage.complete(begun.join().toCompletionStage());
            });
        if (args[0].equals("nio")) {
          Systems.awaitUntil(() -> isThreadIn("ringlet-stdout", "writeBytes"));
        }
        Systems.inTurn(executor, context -> begun.join().cancel());
        System.err.println("cancelled");
        String outcome =
            Systems.get(
                stage.join().handle((sent, failure) -> failure == null ? "done" : "failed"));
        byte[] behind = "behind".getBytes(UTF_8);
        Systems.value(executor, io -> output.send(io.buffer(behind.length).write(behind)));
        System.err.println(outcome);
      }
    }
  }

  /**
   * Cancels a read and reads on: with the NIO driver when something has come for it, which its
   * thread keeps; with the uring driver before something comes, for it calls the read back.
   */
  static final class CancelsRead {
    private CancelsRead() {}

    @SuppressWarnings("SystemOut") // the other process reads it
    public static void main(String[] args) {
      try (ActorSystem system = open(args[0])) {
        ActorExecutor executor = system.executors().get(0);
        StreamInput input = Systems.value(executor, io -> io.stdin());
        if (args[0].equals("nio")) {
          cancelWhatHasCome(executor, input);
        } else {
          cancelWhatWaits(system, input);
        }
        IoBuffer next = Systems.get(Subscriber.first(executor, input.receive()));
        System.err.println("next: " + new String(FileRig.take(next), UTF_8));
      }
    }

    @SuppressWarnings("SystemOut") // the other process reads it
    private static void cancelWhatHasCome(ActorExecutor executor, StreamInput input) {
      Systems.inTurn(
          executor,
          context -> {
            IoSubscription first = context.subscribe(input.receive(), piece -> piece, 1);
            Systems.awaitUntil(() -> isThreadIn("ringlet-stdin", "readBytes"));
            System.err.println("reads");
            Systems.awaitUntil(() -> isThreadIn("ringlet-stdin", "getTask"));
            first.cancel();
          });
    }

    @SuppressWarnings("SystemOut") // the other process reads it
    private static void cancelWhatWaits(ActorSystem system, StreamInput input) {
      ActorExecutor executor = system.executors().get(0);
      ActorRef<String> reader = executor.spawn(() -> new Reader(input), ActorOptions.defaults());
      Systems.awaitUntil(() -> system.stats().executors().get(0).io().inFlight() > 0);
      reader.tell("cancel");
      Systems.assertAtRest(system);
      System.err.println("reads");
    }
  }

  /** Asks for one piece, and no longer wants it when a message comes. */
  private static final class Reader implements Actor<String> {
    private final StreamInput input;
    private @Nullable IoSubscription subscription;

    Reader(StreamInput input) {
      this.input = input;
    }

    @Override
    public void preStart(ActorContext<String> context) {
      subscription = context.subscribe(input.receive(), piece -> "unexpected", 1);
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      if (!message.equals("cancel")) {
        throw new AssertionError(message);
      }
      subscription.cancel();
    }
  }

  /** Waits for input that never comes, and ends nevertheless. */
  static final class Waits {
    private Waits() {}

    public static void main(String[] args) {
      long before;
      try (ActorSystem system = open(args[0])) {
        ActorExecutor executor = system.executors().get(0);
        StreamInput first = Systems.value(executor, io -> io.stdin());
        CompletableFuture<Object> closed = Subscriber.end(executor, first.receive());
        StreamInput second = Systems.value(executor, io -> io.stdin());
        CompletableFuture<Object> end = Subscriber.end(executor, second.receive());
        Systems.awaitUntil(() -> system.stats().executors().get(0).io().inFlight() >= 2);
        Systems.value(executor, io -> first.close());
        if (!Systems.get(closed).equals("regular end") || end.isDone()) {
          throw new AssertionError("the close of one ended " + closed + " and " + end);
        }
        before = System.nanoTime();
      }
      if (TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before) > 10) {
        throw new AssertionError("the close of the system waited");
      }
    }
  }
}
