package dev.ringlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.examples.kv.Drivers;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Examples in JVMs of their own, with the arguments that a user gives, side by side. */
@Timeout(120)
final class CommandLineTest {
  @TempDir private Path directory;

  @Test
  void echoCopyAndCatDoWhatTheirNamesSay() throws Exception {
    Drivers.assumeAvailable("uring"); // or they say that it is not
    Path first = Files.writeString(directory.resolve("first"), "one\ntwo\n");
    Path second = Files.writeString(directory.resolve("second"), "three\n");
    byte[] content = new byte[100_001];
    new Random(3).nextBytes(content);
    Path source = Files.write(directory.resolve("source"), content);
    Path target = directory.resolve("target");
    try (ExampleProcess echo = ExampleProcess.example("echo", "--port", "0");
        ExampleProcess copy =
            ExampleProcess.example("copy", "--progress", source.toString(), target.toString());
        ExampleProcess cat = ExampleProcess.example("cat", first.toString(), second.toString())) {
      assertEquals(0, cat.awaitEnd(), () -> cat.output().toString());
      assertEquals(List.of("one", "two", "three"), cat.output());

      assertEquals(0, copy.awaitEnd(), () -> copy.output().toString());
      String summary = copy.output().get(copy.output().size() - 1);
      assertTrue(summary.startsWith("copied 100001 bytes in "), summary);
      assertTrue(summary.contains("; compared in "), summary);
      assertArrayEquals(content, Files.readAllBytes(target));

      String listening = echo.nextLine();
      assertTrue(listening.startsWith("ringlet echo: listening on "), listening);
      int port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write("say it again".getBytes(UTF_8));
        socket.shutdownOutput();
        assertEquals("say it again", new String(socket.getInputStream().readAllBytes(), UTF_8));
      }
      assertEquals("Talk to it:  nc 127.0.0.1 " + port, echo.nextLine());
      echo.terminate();
      assertEquals(ExampleProcess.SIGTERM_EXIT, echo.awaitEnd());
    }
  }
}
