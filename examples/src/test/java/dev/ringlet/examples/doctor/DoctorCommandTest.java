package dev.ringlet.examples.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.DriverFeature;
import dev.ringlet.spi.IoDriverProvider;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class DoctorCommandTest {
  @Test
  void tellsOfEachDriverAndFeature() {
    StringWriter output = new StringWriter();
    int exit = new CommandLine(new DoctorCommand()).setOut(new PrintWriter(output)).execute();
    assertEquals(0, exit);
    String text = output.toString();
    assertTrue(text.contains(System.getProperty("os.version")), text);
    for (IoDriverProvider driver : ServiceLoader.load(IoDriverProvider.class)) {
      String state = driver.unavailabilityCause() == null ? "works" : "does not work";
      assertTrue(text.contains(String.format("%-18s %s", "Driver " + driver.name(), state)), text);
      for (DriverFeature feature : driver.features()) {
        String mark = feature.present() ? "  yes  " : "  no   ";
        assertTrue(text.contains(mark + feature.name() + ", since " + feature.since()), text);
        assertEquals(!feature.present(), text.contains("without it: " + feature.otherwise()), text);
      }
    }
    assertEquals(1, text.split("is taken by default", -1).length - 1, text);
  }
}
