package dev.ringlet.uring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the C compiler what integer expressions are worth, according to this machine's headers. */
final class CHeaders {
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "['\u2018](\\w+)['\u2019] undeclared|no member named ['\u2018](\\w+)['\u2019]");
  private static final String INCLUDES =
      """
      #define _GNU_SOURCE
      #include <stddef.h>
      #include <stdio.h>
      #include <errno.h>
      #include <fcntl.h>
      #include <poll.h>
      #include <sys/eventfd.h>
      #include <sys/mman.h>
      #include <sys/socket.h>
      #include <sys/stat.h>
      #include <sys/time.h>
      #include <sys/uio.h>
      #include <sys/un.h>
      #include <unistd.h>
      #include <linux/falloc.h>
      #include <netinet/in.h>
      #include <netinet/tcp.h>
      #include <netinet/udp.h>
      #include <linux/io_uring.h>
      #include <linux/time_types.h>
      """;

  private final Path folder;
  private final Set<String> unknown = new TreeSet<>();

  CHeaders(Path folder) {
    this.folder = folder;
  }

  static boolean isCompilerPresent() {
    try {
      return run("gcc", "--version").exit == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Names that the headers are too old for. */
  Set<String> unknown() {
    return unknown;
  }

  /** The values of those expressions that the headers know. */
  Map<String, Long> evaluate(Set<String> expressions) throws IOException {
    Map<String, String> left = new LinkedHashMap<>();
    expressions.forEach(expression -> left.put(expression, expression));
    Path source = folder.resolve("abi.c");
    Path program = folder.resolve("abi");
    Files.writeString(source, program(left.keySet()));
    Output compiled = run("gcc", "-o", program.toString(), source.toString());
    Matcher matcher = UNKNOWN.matcher(compiled.text);
    while (matcher.find()) {
      String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      unknown.add(name);
      left.keySet().removeIf(expression -> expression.matches(".*\\b" + name + "\\b.*"));
    }
    if (compiled.exit != 0) {
      Files.writeString(source, program(left.keySet()));
      compiled = run("gcc", "-o", program.toString(), source.toString());
    }
    if (compiled.exit != 0) {
      throw new IOException(compiled.text);
    }
    return parse(run(program.toString()).text);
  }

  private static String program(Set<String> expressions) {
    StringBuilder text = new StringBuilder(INCLUDES).append("int main(void) {\n");
    for (String expression : expressions) {
      text.append("  printf(\"%lld\\t%s\\n\", (long long) (")
          .append(expression)
          .append("), \"")
          .append(expression)
          .append("\");\n");
    }
    return text.append("  return 0;\n}\n").toString();
  }

  private static Map<String, Long> parse(String text) {
    Map<String, Long> values = new HashMap<>();
    text.lines()
        .map(line -> line.split("\t", 2))
        .forEach(fields -> values.put(fields[1], Long.parseLong(fields[0])));
    return values;
  }

  private static Output run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Output(process.waitFor(), text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private record Output(int exit, String text) {}
}
