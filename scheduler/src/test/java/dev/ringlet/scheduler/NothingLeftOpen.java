package dev.ringlet.scheduler;

import dev.ringlet.spi.OpenFiles;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Sees that a test that was good has closed, after its own clean-up, all that it or the system had
 * opened.
 */
final class NothingLeftOpen implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace OWN =
      ExtensionContext.Namespace.create(NothingLeftOpen.class);

  private record Before(List<String> open) {}

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(OWN).put(Before.class, new Before(OpenFiles.list()));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) {
      OpenFiles.awaitNoneSince(context.getStore(OWN).get(Before.class, Before.class).open());
    }
  }
}
