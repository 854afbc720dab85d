console.log('one script');
