package dev.ringlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program in a JVM of its own, with its output by lines, complaints and all. */
public final class ExampleProcess implements AutoCloseable {
  /** How a JVM ends that was told to stop and whose shutdown hooks have run. */
  public static final int SIGTERM_EXIT = 128 + 15;

  /** How SLF4J complains, which comes with the test's class path and not with the examples. */
  private static final String NO_LOGGER = "SLF4J: ";

  private static final int TIMEOUT_SECONDS = 100;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();
  private final Thread reader = new Thread(this::read, "output");

  private ExampleProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts an example by its name, as users do. */
  public static ExampleProcess example(String... arguments) throws IOException {
    return java(List.of(), "dev.ringlet.examples.Main", arguments);
  }

  /** Starts a class of the test's class path. */
  public static ExampleProcess java(List<String> options, String main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    return new ExampleProcess(command);
  }

  private void read() {
    try (BufferedReader output = process.inputReader(UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (!line.startsWith(NO_LOGGER)) {
          lines.add(line);
        }
      }
    } catch (IOException killed) {
      lines.add("the output ends: " + killed);
    }
  }

  /** Waits for the next line. */
  public String nextLine() throws InterruptedException, TimeoutException {
    String line = lines.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new TimeoutException("no line after " + seen);
    }
    seen.add(line);
    return line;
  }

  /** SIGTERM. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Waits for the end; gives the exit code. */
  public int awaitEnd() throws InterruptedException, TimeoutException {
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new TimeoutException("the process does not end: " + output());
    }
    reader.join();
    return process.exitValue();
  }

  /** All lines so far. */
  public List<String> output() {
    lines.drainTo(seen);
    return seen;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
