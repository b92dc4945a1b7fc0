package dev.ringlet.examples.kv;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The server as a process of its own, as users start it. */
final class ServerProcess implements AutoCloseable {
  /** How a JVM ends that was told to stop and whose shutdown hooks have run. */
  static final int SIGTERM_EXIT = 128 + 15;

  private static final int TIMEOUT_SECONDS = 20;
  private static final String READY = "Talk to it:  redis-cli -p ";

  private final Process process;
  private final List<String> output = new ArrayList<>();

  private ServerProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.ringlet.examples.Main");
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts the examples with any arguments. */
  static ServerProcess run(String... arguments) throws IOException {
    return new ServerProcess(command(arguments));
  }

  /** Starts the server on a free port, with two executors. */
  static ServerProcess kv(Path data, String... more) throws IOException {
    return new ServerProcess(command(kvArguments(data, more)));
  }

  /** Starts the server with a limit on the size of the files it writes. */
  static ServerProcess kvWithFileLimit(Path data, long bytes, String... more) throws IOException {
    List<String> limited = new ArrayList<>(List.of("prlimit", "--fsize=" + bytes + ":unlimited"));
    limited.addAll(command(kvArguments(data, more)));
    return new ServerProcess(limited);
  }

  private static String[] kvArguments(Path data, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("kv", "--port", "0", "--executors", "2", "--data", data.toString()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  long pid() {
    return process.pid();
  }

  /** Waits until it listens; gives the port. */
  int awaitPort() throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      output.add(line);
      if (line.startsWith(READY)) {
        return Integer.parseInt(line.substring(READY.length()));
      }
    }
    throw new IOException("the server did not start: " + output);
  }

  /** Waits for the end; gives the exit code. */
  int awaitEnd() throws IOException, InterruptedException, TimeoutException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      output.add(line);
    }
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new TimeoutException("the process does not end: " + output);
    }
    return process.exitValue();
  }

  /** Whether a line is among what it prints; takes what is there without waiting for more. */
  boolean hasPrinted(String line) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    while (reader.ready()) {
      output.add(reader.readLine());
    }
    return output.contains(line);
  }

  /** What it has printed, as far as it was waited for. */
  String output() {
    return String.join("\n", output);
  }

  /** SIGTERM; unlike {@code Process.destroy} it leaves us the last lines of output. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
