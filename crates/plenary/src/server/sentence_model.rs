//! The sentence model that `[themes] model` names: read once at the start, shared by all assemblies.

use std::path::Path;
use std::sync::Arc;

use projections::SentenceModel;

#[cfg(not(feature = "semantic"))]
pub(super) fn read(folder: &Path) -> anyhow::Result<Arc<dyn SentenceModel>> {
    anyhow::bail!(
        "`themes.model` names {}, and this program was built without the feature `semantic`: it can read no sentence model",
        folder.display()
    )
}

#[cfg(feature = "semantic")]
pub(super) use with_feature::read;

#[cfg(feature = "semantic")]
mod with_feature {
    use anyhow::Context;
    use domain::Label;
    use themes::{Embedding, Model};

    use super::{Arc, Path, SentenceModel};

    struct Named {
        name: Label,
        model: Model,
    }

    impl SentenceModel for Named {
        fn name(&self) -> &Label {
            &self.name
        }

        fn embed(&self, text: &str) -> Embedding {
            self.model.embed(text)
        }
    }

    /// Reads it, or says what is wrong with which folder.
    pub(in crate::server) fn read(folder: &Path) -> anyhow::Result<Arc<dyn SentenceModel>> {
        let named = of(folder).with_context(|| {
            format!("`themes.model` names {}, which holds no sentence model", folder.display())
        })?;
        tracing::info!(model = %named.name, "a sentence model reads along");
        Ok(Arc::new(named))
    }

    fn of(folder: &Path) -> anyhow::Result<Named> {
        let file = |name: &str| std::fs::read(folder.join(name)).with_context(|| format!("read {name}"));
        let (config, vocabulary) = (file("config.json")?, file("vocab.txt")?);
        let model = Model::read(&config, &vocabulary, &file("model.safetensors")?)?;
        Ok(Named { name: Label::parse(model.name()).context("name it")?, model })
    }
}
