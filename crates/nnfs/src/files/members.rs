//! The networks of a model file: a single one, or several with their weights.

use nnfs_model::{Ensemble, Model};
use nnfs_tensor::Description;

use super::archive::{Reader, Writer};
use super::{FileScalar, FormatError, Header, Registry, layout};

/// What the names of the tensors of a member begin with: those of an `nn.ModuleList` called `members`.
fn prefix(member: usize) -> String {
    format!("members.{member}.")
}

/// Writes the parameters of every network, and describes the networks.
///
/// A single network has no weight and no prefix: its file is the one of older versions.
pub(super) fn write_ensemble<T: FileScalar>(
    ensemble: &Ensemble<T>,
    writer: &mut Writer,
) -> Result<Header, FormatError> {
    let input_width = ensemble.input_width();
    if let Some(model) = ensemble.single() {
        let layers = write("", model, writer)?;
        return Ok(Header::of_single(T::DTYPE, input_width, layers));
    }
    let members = ensemble.members().iter().enumerate().map(|(index, member)| {
        let layers = write(&prefix(index), member.model(), writer).map_err(of_member(index))?;
        Ok((member.weight(), layers))
    });
    let members = members.collect::<Result<_, FormatError>>()?;
    Ok(Header::of_members(T::DTYPE, input_width, members))
}

fn write<T: FileScalar>(
    prefix: &str,
    model: &Model<T>,
    writer: &mut Writer,
) -> Result<Vec<Description>, FormatError> {
    layout::write_model(prefix, model, writer)?;
    layout::descriptions(model)
}

/// Reads the networks that [`write_ensemble`] wrote.
pub(super) fn read_ensemble<T: FileScalar>(
    header: &Header,
    reader: &mut Reader<'_>,
    registry: &Registry<T>,
) -> Result<Ensemble<T>, FormatError> {
    let mut read = |prefix: &str, layers| {
        layout::read_model(prefix, header.dtype, header.input_width, layers, reader, registry)
    };
    if let Some(layers) = header.layers() {
        return Ok(read("", layers)?.into());
    }
    let members = header.members().iter().enumerate().map(|(index, member)| {
        let model = read(&prefix(index), &member.layers).map_err(of_member(index))?;
        Ok((model, member.weight))
    });
    Ok(Ensemble::new(members.collect::<Result<Vec<_>, FormatError>>()?)?)
}

fn of_member(member: usize) -> impl Fn(FormatError) -> FormatError {
    move |source| FormatError::Member { member, source: Box::new(source) }
}
